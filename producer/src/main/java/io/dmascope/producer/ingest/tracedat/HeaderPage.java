package io.dmascope.producer.ingest.tracedat;

/**
 * Where the parts of a ring-buffer page lie, as {@code events/header_page} of the traced kernel
 * tells (kernel/trace/ring_buffer.c struct buffer_data_page).
 *
 * @param commitSize 8 for a 64-bit kernel, 4 for a 32-bit one
 * @param dataOffset where the records begin
 * @param pageSize size of the whole page, or 0 where not told
 */
record HeaderPage(int commitOffset, int commitSize, int dataOffset, int pageSize) {

  /** What every kernel has used so far: an u64 stamp, a long, the data. */
  static HeaderPage ofLongSize(int longSize) {
    return new HeaderPage(8, longSize, 8 + longSize, 0);
  }

  /** Reads the {@code header_page} text; parts that are missing or absurd are as usual. */
  static HeaderPage parse(String text, int longSize) {
    FormatText format = FormatText.parse(text);
    HeaderPage usual = ofLongSize(longSize);
    FormatField commit = format.field("commit");
    FormatField data = format.field("data");
    if (commit == null || data == null) {
      return usual;
    }
    boolean plausible =
        (commit.size() == 4 || commit.size() == 8)
            && commit.offset() >= 8
            && data.offset() >= commit.offset() + commit.size()
            && data.offset() <= 64
            && data.size() > 0
            && data.size() <= TraceDatFile.PAGE_BYTES_MAX;
    return plausible
        ? new HeaderPage(commit.offset(), commit.size(), data.offset(), data.offset() + data.size())
        : usual;
  }
}
