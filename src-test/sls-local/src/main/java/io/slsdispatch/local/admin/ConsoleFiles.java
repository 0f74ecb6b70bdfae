package io.slsdispatch.local.admin;

import io.netty.buffer.Unpooled;
import io.slsdispatch.local.http.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The files of the console page, which are resources beside this class. */
final class ConsoleFiles {

    private static final Map<String, File> FILES = Map.of(
            "", File.read("console.html", "text/html; charset=utf-8"),
            "console.css", File.read("console.css", "text/css; charset=utf-8"),
            "console.js", File.read("console.js", "text/javascript; charset=utf-8"));

    private ConsoleFiles() {}

    private record File(String contentType, byte[] bytes) {

        static File read(String name, String contentType) {
            try (InputStream file = ConsoleFiles.class.getResourceAsStream(name)) {
                return new File(contentType, Objects.requireNonNull(file, name).readAllBytes());
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    /** The reply to a request for a file, if there is one of this name; the page has no name. */
    static Optional<Reply> find(String name) {
        return Optional.ofNullable(FILES.get(name))
                .map(file -> Reply.bytes(file.contentType(), Unpooled.wrappedBuffer(file.bytes())));
    }
}
