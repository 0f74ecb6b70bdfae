package io.slsdispatch.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the collector of a Java process has logged with {@code -Xlog:gc}: how much was allocated follows from how much was
 * there before a pause and after the one before it.
 */
final class GcLog {

    private static final Pattern PAUSE = Pattern.compile("\\bPause .*\\s(\\d+)M->(\\d+)M\\(\\d+M\\) (\\d+[.,]\\d+)ms");

    private final Path file;

    GcLog(Path file) {
        this.file = file;
    }

    /** The option that makes a Java process write it. */
    String jvmOption() {
        return "-Xlog:gc:file=" + file + ":time:filecount=0";
    }

    /**
     * Totals since the start.
     *
     * @param allocatedMegabytes up to the last pause, in MB of 2^20 bytes
     * @param pauseMillis of all pauses
     * @param peakAfterPauseMegabytes the most that was left after a pause, garbage included that it did not look at
     */
    record Totals(double allocatedMegabytes, double pauseMillis, double peakAfterPauseMegabytes) {}

    /** What it says by now. */
    Totals read() throws IOException {
        if (!Files.exists(file)) {
            return new Totals(0, 0, 0);
        }
        List<String> lines = Files.readAllLines(file);
        double allocated = 0;
        double pauses = 0;
        long after = 0;
        long peak = 0;
        for (String line : lines) {
            Matcher pause = PAUSE.matcher(line);
            if (pause.find()) {
                allocated += Math.max(0, Long.parseLong(pause.group(1)) - after);
                after = Long.parseLong(pause.group(2));
                peak = Math.max(peak, after);
                pauses += Double.parseDouble(pause.group(3).replace(',', '.'));
            }
        }
        return new Totals(allocated, pauses, peak);
    }
}
