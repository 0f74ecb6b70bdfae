package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.CompressionConfig;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.ConnectionConfig.ProjectIn;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.connector.config.PullConfig;
import io.slsdispatch.connector.config.SinkConfig.Delivery;
import io.slsdispatch.connector.config.SourceConfig;
import io.slsdispatch.connector.config.StartingPosition;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.job.rules.RuleSet;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprint of a configuration: the SHA-256 of every effective value, including defaults. It does not depend on
 * comments, on the order of keys and targets, on how values are written, or on secrets, of which a configuration holds
 * only references. It does depend on the order of rules. For rules that are reloaded, only their location counts; their
 * active version is reported elsewhere. A build with other options gives the same file another fingerprint.
 */
public final class ConfigFingerprint {

    /**
     * The format in savepoints. Version 1: this digit, then each part as {@code name=64 hexadecimal digits}, separated
     * by spaces.
     */
    private static final String VERSION_1 = "1";

    /** A component of the source that follows from the targets. */
    private static final String PACKING = "packing";

    private static final String COMPRESSION = "compression";

    private static final Pattern PART = Pattern.compile("([a-z]+)=([0-9a-f]{64})");

    private final Map<String, String> parts;

    private ConfigFingerprint(Map<String, String> parts) {
        this.parts = new TreeMap<>(parts);
    }

    /** Computes the fingerprint of a configuration. */
    public static ConfigFingerprint of(JobConfig config) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("source", hash(source(config.source())));
        Text targets = new Text();
        config.targets().stream()
                .sorted(Comparator.comparing(JobConfig.Target::name))
                .forEach(target -> targets.add(target.name(), target));
        config.templates().stream()
                .sorted(Comparator.comparing(JobConfig.Template::name))
                .forEach(template -> addTemplate(template, targets));
        parts.put("targets", hash(targets));
        Text rules = new Text();
        config.rulesUpdates()
                .ifPresentOrElse(
                        updates -> rules.add("from", updates),
                        () -> rules.add(
                                "rules",
                                HexFormat.of()
                                        .formatHex(RuleSet.first(config.ruleTable())
                                                .toBytes())));
        parts.put("rules", hash(rules));
        Text execution = new Text();
        execution.add("execution", config.execution());
        parts.put("execution", hash(execution));
        return new ConfigFingerprint(parts);
    }

    /** Which other logstores a template must not write follows from the rest of the configuration. */
    private static void addTemplate(JobConfig.Template template, Text text) {
        String name = template.name();
        text.add(name + ".connection", template.connection());
        text.add(name + ".config", template.config());
        text.add(name + ".logstore", template.names().template().text());
    }

    /** The start counts as written: "now" is a different instant each time. */
    private static Text source(JobConfig.Source source) {
        Text text = new Text();
        text.add("connection", source.connection());
        text.add("start", source.start());
        for (RecordComponent component : SourceConfig.class.getRecordComponents()) {
            if (!component.getName().equals("start") && !component.getName().equals(PACKING)) {
                text.add(component.getName(), value(component, source.config()));
            }
        }
        return text;
    }

    /**
     * Parses the result of {@link #text()} of this build or an older one.
     *
     * @throws IllegalArgumentException when the text is not such a result
     */
    public static ConfigFingerprint parse(String text) {
        List<String> words = Arrays.asList(text.split(" ", -1));
        if (!words.get(0).equals(VERSION_1)) {
            throw new IllegalArgumentException("the fingerprint of the configuration has version " + words.get(0)
                    + "; this build reads version 1. It was written by a newer build");
        }
        Map<String, String> parts = new LinkedHashMap<>();
        for (String word : words.subList(1, words.size())) {
            var part = PART.matcher(word);
            if (!part.matches()) {
                throw new IllegalArgumentException("the fingerprint of the configuration is damaged");
            }
            parts.put(part.group(1), part.group(2));
        }
        return new ConfigFingerprint(parts);
    }

    /** The text form for savepoints. */
    public String text() {
        StringBuilder text = new StringBuilder(VERSION_1);
        parts.forEach((name, hash) -> text.append(' ').append(name).append('=').append(hash));
        return text.toString();
    }

    /** The whole fingerprint as 64 hexadecimal digits. */
    public String hex() {
        Text all = new Text();
        parts.forEach(all::add);
        return hash(all);
    }

    /** The parts in which both configurations differ: source, targets, rules, execution; empty when they are equal. */
    public List<String> differences(ConfigFingerprint other) {
        List<String> names = new ArrayList<>(parts.keySet());
        other.parts.keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
        names.removeIf(name -> parts.containsKey(name) && parts.get(name).equals(other.parts.get(name)));
        return names;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConfigFingerprint that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return hex();
    }

    /** Named values, one per line. */
    private static final class Text {

        private final StringBuilder lines = new StringBuilder();

        void add(String name, @Nullable Object value) {
            if (value == null || (value instanceof Optional<?> empty && empty.isEmpty())) {
                return;
            }
            if (value instanceof Optional<?> optional) {
                add(name, optional.get());
            } else if (value instanceof List<?> list) {
                for (int i = 0; i < list.size(); i++) {
                    add(name + "." + i, list.get(i));
                }
            } else if (value.getClass().isRecord() && !isKnownByItsText(value)) {
                // The class name, where several classes are possible; some have no components.
                lines.append(name)
                        .append(" is ")
                        .append(value.getClass().getSimpleName())
                        .append('\n');
                for (RecordComponent component : value.getClass().getRecordComponents()) {
                    if (isLater(component, value)) {
                        continue;
                    }
                    add(name + "." + component.getName(), value(component, value));
                }
            } else {
                // Includes credentials: their text contains no secret.
                String text = value.toString();
                lines.append(name)
                        .append(' ')
                        .append(text.length())
                        .append(' ')
                        .append(text)
                        .append('\n');
            }
        }
    }

    /** Credentials that older builds have, too: their text names all of their values. */
    private static boolean isKnownByItsText(Object value) {
        return value instanceof CredentialsConfig.Environment
                || value instanceof CredentialsConfig.File
                || value instanceof CredentialsConfig.Uri
                || value instanceof CredentialsConfig.UriTemplate
                || (value instanceof CredentialsConfig.Chain chain
                        && chain.links().stream().allMatch(ConfigFingerprint::isKnownByItsText));
    }

    /**
     * Whether a component is newer than the fingerprints in savepoints, and either follows from how the file is written
     * or has its default.
     */
    private static boolean isLater(RecordComponent component, Object of) {
        return (of instanceof StartingPosition.Committed && component.getName().equals("mustExist"))
                || (of instanceof ConnectionConfig connection
                        && component.getName().equals("projectIn")
                        && connection.projectIn() == ProjectIn.HOST)
                || (of instanceof PullConfig pulls
                        && component.getName().equals(COMPRESSION)
                        && pulls.compression() == Compression.LZ4)
                || (of instanceof Delivery delivery
                        && component.getName().equals(COMPRESSION)
                        && delivery.compression().equals(CompressionConfig.LZ4));
    }

    private static @Nullable Object value(RecordComponent component, Object of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("a record has no public " + component.getName(), e);
        }
    }

    private static String hash(Text text) {
        try {
            byte[] bytes = text.lines.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
