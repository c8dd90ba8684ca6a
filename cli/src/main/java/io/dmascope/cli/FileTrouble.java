package io.dmascope.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Input and output errors as sentences: Java's own messages are often only a file's name. */
final class FileTrouble {
  private FileTrouble() {}

  static String sentence(IOException e) {
    return switch (e) {
      case NoSuchFileException gone -> gone.getFile() + ": there is no such file";
      case AccessDeniedException denied -> denied.getFile() + ": not allowed to read it";
      case FileSystemException other when other.getReason() != null ->
          other.getFile() + ": " + other.getReason();
      case FileNotFoundException gone -> gone.getMessage();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
