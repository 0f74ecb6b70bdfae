package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;
import io.slsdispatch.connector.text.SmallFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file with a secret, which may be replaced at any time. Messages contain its path, and never its content. */
final class SecretFile {

    private static final int MAX_BYTES = 64 * 1024;

    private final Path path;
    private final String origin;

    /** @param origin what the file is, for messages */
    SecretFile(String path, String origin) {
        this.path = Path.of(path);
        this.origin = origin;
    }

    String origin() {
        return origin;
    }

    /** Reads the whole file as UTF-8. */
    String read() throws NoCredentialsException {
        try {
            return SmallFile.text(path, MAX_BYTES);
        } catch (CharacterCodingException e) {
            throw new NoCredentialsException(origin + " is not UTF-8 text: save it as UTF-8");
        } catch (NoSuchFileException e) {
            throw new NoCredentialsException(origin + " does not exist on this machine");
        } catch (IOException e) {
            throw new NoCredentialsException(
                    origin + " cannot be read: " + ForeignText.line(e.getMessage(), Secrets.NONE, ForeignText.MESSAGE));
        }
    }
}
