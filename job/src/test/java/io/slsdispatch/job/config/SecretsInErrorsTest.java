package io.slsdispatch.job.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import io.slsdispatch.job.config.options.OptionCatalog;
import io.slsdispatch.job.yaml.ConfigError;
import io.slsdispatch.job.yaml.InvalidConfigException;
import io.slsdispatch.job.yaml.Option;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The value of a variable that holds a secret, in every place of a configuration where a value can be. */
class SecretsInErrorsTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    /** In every value several times, so that every part of it is found. */
    private static final String MARK = "zX7qM";

    private static final List<String> VALUES = List.of(
            MARK + "-and-" + MARK,
            "12" + MARK + "34" + MARK,
            "12 " + MARK,
            "(" + MARK + "[" + MARK,
            "[" + MARK + "(" + MARK,
            "*+" + MARK + "**" + MARK,
            "a{2,1}" + MARK,
            "\\" + MARK,
            "(?<" + MARK + ">x)" + MARK,
            "2018-99-99" + MARK,
            "1" + MARK,
            MARK + "://" + MARK + ":99999",
            "http://" + MARK + ".example:99999/" + MARK,
            "https://user:" + MARK + "@" + MARK + "/",
            "ftp://" + MARK,
            MARK + "/" + MARK,
            "Mars/" + MARK,
            "/" + MARK + "/" + MARK,
            MARK.repeat(100),
            " " + MARK + "\n" + MARK + "\t");

    private static final List<Function<String, String>> WRITTEN =
            List.of(name -> "${" + name + "}", name -> "a${" + name + "}b", name -> "${UNSET_" + name + ":-${MARK}}");

    /** Where in an option a value can be. */
    private static final List<Function<String, Object>> POSITIONS = List.of(
            text -> text,
            text -> List.of(text),
            text -> List.of("a", text, text),
            text -> Map.of("exactly", text),
            text -> Map.of("prefix", List.of(text)),
            text -> Map.of("glob", text),
            text -> Map.of("regex", text),
            text -> List.of(Map.of("regex", text), text),
            text -> Map.of("key", text),
            text -> Map.of("key", Map.of("regex", List.of(text))),
            text -> Map.of("file", text),
            text -> Map.of("uri", text),
            text -> Map.of("uri", "http://127.0.0.1:1/c?key=" + text),
            text -> Map.of("access-key-id", text, "access-key-secret", text),
            text -> Map.of("host", text, "port", text, "user", text, "password", text),
            text -> Map.of("logstore", text, "project", text),
            text -> List.of(Map.of("topic", text, "to", text)),
            text -> List.of(Map.of("logstore", text, "name", text)));

    private static final int FEW = 3;

    @TempDir
    Path directory;

    private static final String BY_TEMPLATE = " by template";

    private Path file;
    private int placements;
    private final List<String> shown = new ArrayList<>();

    @BeforeEach
    void file() {
        file = directory.resolve("file.yaml");
    }

    @Test
    void noErrorShowsAnyPartOfIt() throws Exception {
        for (OptionCatalog.Part part : OptionCatalog.PARTS) {
            for (Option<?> option : part.options()) {
                for (String path : List.of(part.path().split(", | or "))) {
                    place(path, option.key());
                }
            }
        }

        assertThat(placements).isGreaterThan(6_000);
        assertThat(shown).isEmpty();
    }

    private void place(String part, String key) throws IOException {
        for (Function<String, Object> position : POSITIONS) {
            // All values as the value itself, and some of them in the other positions, in turn.
            int first = position == POSITIONS.get(0) ? 0 : placements;
            int count = position == POSITIONS.get(0) ? VALUES.size() : FEW;
            for (int i = 0; i < count; i++) {
                String value = VALUES.get((first + i) % VALUES.size());
                // A default ends at the first brace.
                int forms = value.contains("}") ? WRITTEN.size() - 1 : WRITTEN.size();
                String written = WRITTEN.get(placements % forms).apply("A_SECRET");
                place(part, key, position.apply(written.replace("${MARK}", value)), value);
            }
        }
    }

    private void place(String part, String key, Object node, String value) throws IOException {
        placements++;
        Map<String, Object> root = valid();
        set(section(root, part), key, node);
        // Every JSON text is a YAML text.
        Files.writeString(file, new Gson().toJson(root));
        try {
            JobConfig config =
                    ConfigReader.readFile(file, Map.of("A_SECRET", value, "AN_ID", "id", "A_KEY", "key"), NOW);
            // The path of a file is no secret, and a default is in the file itself.
            boolean isPath = node instanceof Map<?, ?> map && map.containsKey("file");
            boolean isDefault = node.toString().contains(":-");
            if ((key.contains("credentials") || key.startsWith("proxy")) && !isPath && !isDefault) {
                look(part, key, node, new String(serialized(config), StandardCharsets.ISO_8859_1));
            }
        } catch (InvalidConfigException e) {
            look(part, key, node, String.valueOf(e.getMessage()));
            for (ConfigError error : e.errors()) {
                look(part, key, node, error.location() + " " + error.value() + error.problem() + error.hint());
            }
        }
    }

    private void look(String part, String key, Object node, String text) {
        if (text.toLowerCase(Locale.ROOT).contains(MARK.toLowerCase(Locale.ROOT)) && shown.size() < 200) {
            shown.add(part + " " + key + " " + node + ": " + text);
        }
    }

    private static byte[] serialized(JobConfig config) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(config.source().connection());
            for (JobConfig.Target target : config.targets()) {
                out.writeObject(target.connection());
            }
        }
        return bytes.toByteArray();
    }

    private static Map<String, Object> valid() {
        Map<String, Object> source = new LinkedHashMap<>(Map.of(
                "endpoint", "http://127.0.0.1:1",
                "project", "project",
                "logstore", "all",
                "credentials", Map.of("access-key-id", "${AN_ID}", "access-key-secret", "${A_KEY}")));
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("source", source);
        root.put("defaults", new LinkedHashMap<>());
        root.put("targets", List.of(new LinkedHashMap<>(Map.of("logstore", "aa")), Map.of("logstore", "bb")));
        root.put(
                "routes",
                List.of(new LinkedHashMap<>(Map.of("topic", "t", "to", "aa")), Map.of("topic", "u", "to", "bb")));
        root.put("default-route", "drop");
        return root;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> section(Map<String, Object> root, String part) {
        if (part.isEmpty()) {
            return root;
        }
        Object section = root.get(part.replace(BY_TEMPLATE, "").replace("[]", ""));
        Map<String, Object> values = (Map<String, Object>) (section instanceof List<?> list ? list.get(0) : section);
        if (part.endsWith(BY_TEMPLATE)) {
            values.putAll(Map.of("name", "aa", "logstore", "{topic}", "allow", "app-*", "when-missing", "create"));
            values.putAll(Map.of("create.on-failure", "fail", "when-invalid", "fail", "on-reject", "fail"));
            values.put("on-outage", "block");
        }
        return values;
    }

    private static void set(Map<String, Object> section, String key, Object node) {
        if (key.startsWith("rules.")) {
            section.remove("routes");
            section.remove("default-route");
        }
        // Nested keys can be written with dots.
        section.put(key, node);
        if (key.equals("start-group") || key.equals("start-fallback")) {
            section.put("start", "group");
        }
        if (key.startsWith("proxy.") && !key.equals("proxy.host")) {
            section.put("proxy.host", "proxy");
        }
        if (key.startsWith("dead-letter")) {
            section.put("on-reject", "dead-letter");
        }
        if (key.equals("signature") || key.equals("endpoint")) {
            section.put("signature", key.equals("signature") ? node : "v4");
        }
        if (key.startsWith("rules.") && !key.equals("rules.from")) {
            section.put("rules.from", "/nonexistent/rules.yaml");
        }
    }
}
