package io.dmascope.cli;

import io.dmascope.analytics.ignore.IgnoreFile;
import io.dmascope.analytics.ignore.IgnoreFileException;
import io.dmascope.analytics.ignore.Ignores;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which findings are known and not wanted. */
final class IgnoreOptions {
  /** Looked for in the directory in which the command is run. */
  static final Path DEFAULT_FILE = Path.of(".dmascope-ignore");

  @Option(
      names = "--ignore",
      paramLabel = "FILE",
      description =
          "Leave out the findings that this file lists (docs/ignore.md). Default, where it is"
              + " there: .dmascope-ignore of the current directory.")
  private Path file;

  @Option(names = "--no-ignore", description = "Do not read an ignore file.")
  private boolean none;

  @Option(
      names = "--date",
      paramLabel = "YYYY-MM-DD",
      description =
          "The day that the entries' until= is compared with. Default: none, and no entry expires:"
              + " the output depends on nothing but what is given.")
  private LocalDate date;

  Ignores read() throws IOException {
    if (none && file != null) {
      throw new CommandException("--ignore and --no-ignore exclude each other");
    }
    Path path = file == null && Files.isRegularFile(DEFAULT_FILE) ? DEFAULT_FILE : file;
    if (none || path == null) {
      return Ignores.none();
    }
    return read(path, Optional.ofNullable(date));
  }

  /** Reads an ignore file. */
  static Ignores read(Path path, Optional<LocalDate> today) throws IOException {
    try {
      return new Ignores(IgnoreFile.parse(path.toString(), Files.readAllLines(path)), today);
    } catch (IgnoreFileException e) {
      throw new CommandException(e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new CommandException("ignore file " + path + " does not exist", e);
    } catch (MalformedInputException e) {
      throw new CommandException("ignore file " + path + " is not UTF-8 text", e);
    }
  }
}
