package io.slsdispatch.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcLogTest {

    @TempDir
    Path folder;

    @Test
    void countsWhatWasAllocatedBetweenPausesAndHowLongTheseTook() throws IOException {
        Path file = Files.writeString(folder.resolve("gc.log"), """
                [2026-11-25T10:00:00.000+0000] Using G1
                [2026-11-25T10:00:01.000+0000] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 100M->40M(512M) 2.500ms
                [2026-11-25T10:00:02.000+0000] GC(1) Concurrent Mark Cycle
                [2026-11-25T10:00:03.000+0000] GC(2) Pause Young (Concurrent Start) (G1 Humongous Allocation) 90M->30M(512M) 1.500ms
                [2026-11-25T10:00:04.000+0000] GC(1) Pause Remark 35M->20M(512M) 1.000ms
                """);

        GcLog.Totals totals = new GcLog(file).read();

        assertThat(totals.allocatedMegabytes()).isEqualTo(100 + 50 + 5);
        assertThat(totals.pauseMillis()).isEqualTo(5);
        assertThat(totals.peakAfterPauseMegabytes()).isEqualTo(40);
    }

    @Test
    void aLogThatIsNotThereYetSaysNothing() throws IOException {
        assertThat(new GcLog(folder.resolve("none.log")).read()).isEqualTo(new GcLog.Totals(0, 0, 0));
    }

    @Test
    void aProcessStartedWithItsOptionWritesIt() throws IOException, InterruptedException {
        GcLog log = new GcLog(folder.resolve("own.log"));
        try (JavaProcess process = JavaProcess.start(
                List.of("-Xmx32m", "-XX:+UseG1GC", log.jvmOption()),
                Garbage.class,
                List.of(),
                folder.resolve("output.txt"))) {
            assertThat(process.awaitExit()).isZero();
        }
        assertThat(log.read().allocatedMegabytes()).isGreaterThan(50);
    }

    /** Makes garbage. */
    static final class Garbage {

        private Garbage() {}

        public static void main(String[] args) {
            long sum = 0;
            for (int i = 0; i < 2000; i++) {
                sum += new byte[100_000].length;
            }
            System.out.println(sum);
        }
    }
}
