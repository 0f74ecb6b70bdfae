package io.slsdispatch.connector.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SmallFileTest {

    @TempDir
    Path directory;

    @Test
    void readsUpToItsLimit() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "12345");

        assertThat(SmallFile.text(file, 5)).isEqualTo("12345");
        assertThatThrownBy(() -> SmallFile.text(file, 4))
                .isInstanceOf(IOException.class)
                .hasMessage("it is larger than 4 bytes");
    }

    @Test
    @Timeout(60)
    void whatHasNoEndIsRefused() throws Exception {
        Path pipe = directory.resolve("pipe");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assertThat(made.waitFor(10, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(() -> SmallFile.bytes(pipe, 10)).hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> SmallFile.bytes(Path.of("/dev/zero"), 10)).hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> SmallFile.bytes(directory, 10)).hasMessageContaining("but a directory");
    }

    @Test
    void linksAreFollowed() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "text");
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);

        assertThat(SmallFile.text(link, 10)).isEqualTo("text");
    }

    @Test
    void whatCannotBeReadIsNamed() throws Exception {
        assertThatThrownBy(() -> SmallFile.bytes(directory.resolve("none"), 10))
                .isInstanceOf(NoSuchFileException.class);
        Path file = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff});
        assertThatThrownBy(() -> SmallFile.text(file, 10)).isInstanceOf(CharacterCodingException.class);
    }
}
