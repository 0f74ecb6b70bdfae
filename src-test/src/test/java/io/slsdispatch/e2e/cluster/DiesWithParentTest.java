package io.slsdispatch.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiesWithParentTest {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path folder;

    /** Runs until it is ended. */
    public static final class Endless {

        private Endless() {}

        public static void main(String[] args) throws InterruptedException {
            System.out.println("started");
            new CountDownLatch(1).await();
        }
    }

    @Test
    void aProcessEndsWhenItsParentIsKilled() throws Exception {
        Process parent = new ProcessBuilder("sleep", "600").start();
        Process child = child(parent.pid());
        try {
            assertThat(child.inputReader().readLine()).isEqualTo("started");

            parent.destroyForcibly();

            assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(child.exitValue()).isEqualTo(DiesWithParent.ORPHANED);
        } finally {
            parent.destroyForcibly();
            child.destroyForcibly();
        }
    }

    @Test
    void aProcessDoesNotStartWhenItsParentIsAlreadyGone() throws Exception {
        Process parent = new ProcessBuilder("true").start();
        parent.waitFor();
        Process child = child(parent.pid());
        try {
            assertThat(child.inputReader().readLine()).isNull();
            assertThat(child.waitFor()).isEqualTo(DiesWithParent.ORPHANED);
        } finally {
            child.destroyForcibly();
        }
    }

    private Process child(long parent) throws IOException {
        Path jar = JarOfClasses.write(folder.resolve("child.jar"), DiesWithParent.class, DiesWithParentTest.class);
        return new ProcessBuilder(
                        JAVA,
                        "-cp",
                        jar.toString(),
                        DiesWithParent.class.getName(),
                        Long.toString(parent),
                        Endless.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
