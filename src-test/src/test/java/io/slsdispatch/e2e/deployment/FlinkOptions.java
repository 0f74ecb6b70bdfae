package io.slsdispatch.e2e.deployment;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.CoreOptions;

/** The options that Flink declares for itself, by their keys. */
final class FlinkOptions {

    private static final String PACKAGE = "org/apache/flink/configuration/";

    /** Needs more libraries than are at hand, and is about nothing that the files set. */
    private static final String LEFT_OUT = PACKAGE + "CleanupOptions.class";

    private FlinkOptions() {}

    /** Those of the Flink on the class path. */
    static Map<String, ConfigOption<?>> newest() {
        Path core = Path.of(CoreOptions.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        Map<String, ConfigOption<?>> options = new TreeMap<>();
        for (Object option : declaredIn(core, FlinkOptions.class.getClassLoader())) {
            ConfigOption<?> typed = (ConfigOption<?>) option;
            options.put(typed.key(), typed);
        }
        return options;
    }

    /** The keys of Flink's LTS line, whose classes come before those of the class path. */
    static Set<String> keysOfLts() {
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of("target", "flink-lts", "api"))) {
            jars = files.collect(Collectors.toCollection(ArrayList::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path core = jars.stream()
                .filter(jar -> jar.getFileName().toString().matches("flink-core-[0-9.]+jar"))
                .findFirst()
                .orElseThrow();
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .map(Path::of)
                .filter(path -> !path.getFileName().toString().startsWith("flink-"))
                .forEach(jars::add);
        try (URLClassLoader loader = new URLClassLoader(urls(jars), ClassLoader.getPlatformClassLoader())) {
            Set<String> keys = new TreeSet<>();
            for (Object option : declaredIn(core, loader)) {
                keys.add((String) option.getClass().getMethod("key").invoke(option));
            }
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static URL[] urls(List<Path> files) throws MalformedURLException {
        URL[] urls = new URL[files.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = files.get(i).toUri().toURL();
        }
        return urls;
    }

    private static List<Object> declaredIn(Path jar, ClassLoader loader) {
        List<Object> options = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().toList()) {
                String name = entry.getName();
                if (name.startsWith(PACKAGE) && name.endsWith("Options.class") && !name.equals(LEFT_OUT)) {
                    for (Field field : loader.loadClass(
                                    name.replace(".class", "").replace('/', '.'))
                            .getFields()) {
                        if (field.getType().getName().equals(ConfigOption.class.getName())) {
                            options.add(field.get(null));
                        }
                    }
                }
            }
            return options;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + jar, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
