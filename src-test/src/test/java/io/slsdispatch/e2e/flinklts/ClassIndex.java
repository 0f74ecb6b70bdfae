package io.slsdispatch.e2e.flinklts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;

/** The classes of some jars and folders, by the names that class files use, and how they are related. */
final class ClassIndex {

    private final Map<String, ClassSummary> classes;

    private ClassIndex(Map<String, ClassSummary> classes) {
        this.classes = classes;
    }

    static ClassIndex of(Collection<Path> jarsAndFolders) {
        Map<String, ClassSummary> classes = new TreeMap<>();
        jarsAndFolders.forEach(place -> forEachClass(place, file -> {
            ClassSummary type = ClassSummary.of(file);
            classes.put(type.name(), type);
        }));
        return new ClassIndex(classes);
    }

    /** These classes and those of another. */
    ClassIndex with(ClassIndex other) {
        Map<String, ClassSummary> both = new TreeMap<>(other.classes);
        both.putAll(classes);
        return new ClassIndex(both);
    }

    Collection<ClassSummary> all() {
        return classes.values();
    }

    boolean contains(String name) {
        return classes.containsKey(name);
    }

    /** A class and all that it extends or implements; those that are not in the index are left out. */
    Set<ClassSummary> lineage(String name) {
        Set<ClassSummary> found = new LinkedHashSet<>();
        collect(name, found);
        return found;
    }

    private void collect(String name, Set<ClassSummary> found) {
        ClassSummary type = classes.get(name);
        if (type != null && found.add(type)) {
            type.parents().forEach(parent -> collect(parent, found));
        }
    }

    /** The class of the lineage that declares a method or field. */
    Optional<ClassSummary> declaring(String owner, Member member) {
        return lineage(owner).stream()
                .filter(type -> type.members().containsKey(member))
                .findFirst();
    }

    /** Reads every class file of a jar or folder. */
    static void forEachClass(Path jarOrFolder, Consumer<ClassReader> consumer) {
        try {
            if (Files.isDirectory(jarOrFolder)) {
                forEachClassUnder(jarOrFolder, consumer);
                return;
            }
            try (FileSystem jar = FileSystems.newFileSystem(jarOrFolder)) {
                forEachClassUnder(jar.getPath("/"), consumer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the classes in " + jarOrFolder, e);
        }
    }

    private static void forEachClassUnder(Path root, Consumer<ClassReader> consumer) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(ClassIndex::isClass).toList()) {
                consumer.accept(new ClassReader(Files.readAllBytes(file)));
            }
        }
    }

    private static boolean isClass(Path file) {
        String path = file.toString();
        return path.endsWith(".class") && !path.contains("META-INF") && !path.endsWith("-info.class");
    }
}
