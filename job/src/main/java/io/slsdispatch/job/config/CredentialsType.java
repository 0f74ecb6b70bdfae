package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.job.config.ConfigNode.Items;
import io.slsdispatch.job.config.ConfigNode.Table;
import io.slsdispatch.job.config.ConfigNode.Text;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where credentials are found: a group of keys, or a list of such groups that are tried in order. What is written may be
 * a reference only. Nothing that stands here is ever repeated in a message: it may be the secret itself, put in the wrong
 * place.
 */
final class CredentialsType implements ValueType<CredentialsConfig> {

    private static final String ID = "access-key-id";
    private static final String SECRET = "access-key-secret";
    private static final String TOKEN = "security-token";
    private static final String FILE = "file";
    private static final String URI_KEY = "uri";
    private static final List<String> KEYS = List.of(ID, SECRET, TOKEN, FILE, URI_KEY);

    @Override
    public String expectation() {
        return "'access-key-id: ${NAME}' and 'access-key-secret: ${NAME}', or 'file: PATH', or 'uri: URL', or a list of"
                + " these to try in order";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.definition("credentials");
    }

    /** What {@link #schema} refers to. */
    static Map<String, Object> definition() {
        Map<String, Object> variables = new LinkedHashMap<>();
        List.of(ID, SECRET, TOKEN).forEach(key -> variables.put(key, VariableReference.TYPE.schema()));
        return Schemas.anyOf(
                Schemas.object(variables, List.of(ID, SECRET)),
                Schemas.object(Map.of(FILE, Schemas.scalar()), List.of(FILE)),
                Schemas.object(Map.of(URI_KEY, Schemas.matching("[hH][tT][tT][pP][sS]?://.+")), List.of(URI_KEY)),
                Schemas.list(Schemas.definition("credentials"), false));
    }

    @Override
    public @Nullable CredentialsConfig read(ConfigNode node, Reading reading) {
        if (node instanceof Items items) {
            return chain(items, reading);
        }
        if (!(node instanceof Table table)) {
            reading.mistakes()
                    .add(node.place(), "Here stands " + node.kind() + "; expected " + expectation() + ".", "");
            return null;
        }
        boolean known = refuseUnknownKeys(table, reading);
        Map<String, ConfigNode> entries = table.entries();
        boolean byVariables = entries.containsKey(ID) || entries.containsKey(SECRET) || entries.containsKey(TOKEN);
        boolean byFile = entries.containsKey(FILE);
        boolean byUri = entries.containsKey(URI_KEY);
        int ways = (byVariables ? 1 : 0) + (byFile ? 1 : 0) + (byUri ? 1 : 0);
        if (ways != 1) {
            reading.mistakes()
                    .add(
                            node.place(),
                            ways == 0 ? "It is not said where the credentials are." : "More than one way is given.",
                            "Give one of: " + expectation() + ".");
            return null;
        }
        CredentialsConfig credentials = byVariables
                ? variables(table, reading)
                : byFile
                        ? file(table.entries().get(FILE), reading)
                        : uri(table.entries().get(URI_KEY), reading);
        return known ? credentials : null;
    }

    private @Nullable CredentialsConfig chain(Items items, Reading reading) {
        List<CredentialsConfig> links = new ArrayList<>();
        for (ConfigNode item : items.items()) {
            CredentialsConfig link = read(item, reading);
            if (link != null) {
                links.add(link);
            }
        }
        if (items.items().isEmpty()) {
            reading.mistakes().add(items.place(), "The list is empty; expected " + expectation() + ".", "");
        }
        return links.isEmpty() || links.size() < items.items().size() ? null : new CredentialsConfig.Chain(links);
    }

    private static boolean refuseUnknownKeys(Table table, Reading reading) {
        boolean known = true;
        for (Map.Entry<String, ConfigNode> entry : table.entries().entrySet()) {
            if (!KEYS.contains(entry.getKey())) {
                known = false;
                String cure = Suggestion.instead(entry.getKey(), KEYS);
                Place place = table.place()
                        .child(shown(entry.getKey()), entry.getValue().place().where());
                reading.mistakes().add(place, "Unknown key.", cure);
            }
        }
        return known;
    }

    /** A key that looks like one; the secret itself may have got there. */
    private static String shown(String key) {
        return key.length() <= 64 && key.matches("[a-z]+([-_.][a-z]+)*") ? key : "***";
    }

    private static @Nullable CredentialsConfig variables(Table table, Reading reading) {
        String id = variable(table, ID, true, reading);
        String secret = variable(table, SECRET, true, reading);
        String token = variable(table, TOKEN, false, reading);
        boolean tokenIsWrong = token == null && table.entries().containsKey(TOKEN);
        return id == null || secret == null || tokenIsWrong
                ? null
                : new CredentialsConfig.Environment(id, secret, token);
    }

    /** The name of the variable that a field refers to; null when it is missing or wrong. */
    private static @Nullable String variable(Table table, String key, boolean required, Reading reading) {
        ConfigNode node = table.entries().get(key);
        if (node == null) {
            if (required) {
                reading.mistakes()
                        .add(
                                table.place().missing(key),
                                "Missing.",
                                "Write '" + key + ": ${" + Variables.nameFor(key)
                                        + "}' with the name of the environment" + " variable that holds it.");
            }
            return null;
        }
        return VariableReference.TYPE.read(node, reading);
    }

    private static @Nullable CredentialsConfig file(@Nullable ConfigNode node, Reading reading) {
        String path = node == null ? null : hidden(node, reading, "a path");
        return path == null ? null : new CredentialsConfig.File(path);
    }

    private static @Nullable CredentialsConfig uri(@Nullable ConfigNode node, Reading reading) {
        String text = node == null ? null : hidden(node, reading, "an http or https address");
        if (node == null || text == null) {
            return null;
        }
        try {
            return new CredentialsConfig.Uri(new URI(text));
        } catch (URISyntaxException e) {
            reading.mistakes().add(node.place(), "Expected an http or https address.", "");
        } catch (IllegalArgumentException e) {
            reading.mistakes().add(node.place(), "Expected an http or https address: " + e.getMessage() + ".", "");
        }
        return null;
    }

    private static @Nullable String hidden(ConfigNode node, Reading reading, String expectation) {
        if (!(node instanceof Text text) || text.raw().isBlank()) {
            reading.mistakes().add(node.place(), "Expected " + expectation + ".", "");
            return null;
        }
        Variables.Expanded expanded = reading.variables().expand(text, reading.mistakes());
        return expanded == null ? null : expanded.value().strip();
    }
}
