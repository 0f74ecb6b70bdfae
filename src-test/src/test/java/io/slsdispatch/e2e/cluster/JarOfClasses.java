package io.slsdispatch.e2e.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Packs compiled classes into a jar, so that a test can submit a job of its own. */
public final class JarOfClasses {

    private JarOfClasses() {}

    /**
     * Writes the given classes and the classes nested in them.
     *
     * @param jar the file to write, replaced if it is there
     * @param classes top-level classes that were compiled into a folder, not into a jar
     * @return {@code jar}
     */
    public static Path write(Path jar, Class<?>... classes) {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Class<?> type : classes) {
                Path root = Path.of(
                        type.getProtectionDomain().getCodeSource().getLocation().toURI());
                for (Path compiled : filesOf(type, root)) {
                    out.putNextEntry(
                            new JarEntry(root.relativize(compiled).toString().replace('\\', '/')));
                    Files.copy(compiled, out);
                    out.closeEntry();
                }
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + jar, e);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("Not compiled into a folder: " + List.of(classes), e);
        }
    }

    private static List<Path> filesOf(Class<?> type, Path root) throws IOException {
        Path own = root.resolve(type.getName().replace('.', '/') + ".class");
        String nested = type.getSimpleName() + "$";
        try (Stream<Path> files = Files.list(own.getParent())) {
            return files.filter(file ->
                            file.equals(own) || file.getFileName().toString().startsWith(nested))
                    .sorted()
                    .toList();
        }
    }
}
