package io.slsdispatch.job.config.options;

import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.job.yaml.ConfigNode;
import io.slsdispatch.job.yaml.ConfigNode.Mapping;
import io.slsdispatch.job.yaml.ConfigNode.Scalar;
import io.slsdispatch.job.yaml.ConfigNode.Sequence;
import io.slsdispatch.job.yaml.JsonSchemas;
import io.slsdispatch.job.yaml.ReadContext;
import io.slsdispatch.job.yaml.SecretReference;
import io.slsdispatch.job.yaml.SourceLocation;
import io.slsdispatch.job.yaml.Suggestion;
import io.slsdispatch.job.yaml.ValueType;
import io.slsdispatch.job.yaml.Variables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Type of the credentials option: a mapping that says where credentials are, or a list of such mappings that are tried
 * in order. Values must be references. No message ever repeats a value of this section: it may be the secret itself,
 * written in the wrong place.
 */
final class CredentialsType implements ValueType<CredentialsConfig> {

    private static final String ID = "access-key-id";
    private static final String SECRET = "access-key-secret";
    private static final String TOKEN = "security-token";
    private static final String FILE = "file";
    private static final String URI_KEY = "uri";
    private static final List<String> KEYS = Stream.concat(
                    Stream.of(ID, SECRET, TOKEN, FILE, URI_KEY), RoleCredentials.WAYS.stream())
            .toList();

    @Override
    public String expectation() {
        return "'access-key-id: ${NAME}' and 'access-key-secret: ${NAME}', or 'file: PATH', or 'uri: URL', or"
                + " 'ecs-ram-role', 'oidc', 'assume-role' or 'default', or a list of these to try in order";
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchemas.definition("credentials");
    }

    /** The definition that {@link #schema} refers to. */
    static Map<String, Object> definition() {
        Map<String, Object> variables = new LinkedHashMap<>();
        List.of(ID, SECRET, TOKEN).forEach(key -> variables.put(key, SecretReference.TYPE.schema()));
        return JsonSchemas.anyOf(
                JsonSchemas.object(variables, List.of(ID, SECRET)),
                JsonSchemas.object(Map.of(FILE, JsonSchemas.scalar()), List.of(FILE)),
                JsonSchemas.object(
                        Map.of(URI_KEY, JsonSchemas.matching("[hH][tT][tT][pP][sS]?://.+")), List.of(URI_KEY)),
                JsonSchemas.list(JsonSchemas.definition("credentials"), false),
                Map.of("enum", RoleCredentials.WORDS),
                way(RoleCredentials.MACHINE),
                way(RoleCredentials.OIDC),
                way(RoleCredentials.ASSUME),
                way(RoleCredentials.DEFAULT));
    }

    private static Map<String, Object> way(String key) {
        return JsonSchemas.object(Map.of(key, RoleCredentials.schema(key)), List.of(key));
    }

    @Override
    public @Nullable CredentialsConfig read(ConfigNode node, ReadContext context) {
        if (node instanceof Sequence items) {
            return chain(items, context);
        }
        if (node instanceof Scalar word
                && RoleCredentials.WORDS.contains(word.raw().strip())) {
            return RoleCredentials.of(word.raw().strip());
        }
        if (!(node instanceof Mapping table)) {
            context.errors().add(node.location(), "Expected " + expectation() + "; found " + node.kind() + ".", "");
            return null;
        }
        boolean known = refuseUnknownKeys(table, context);
        Map<String, ConfigNode> entries = table.entries();
        boolean byVariables = entries.containsKey(ID) || entries.containsKey(SECRET) || entries.containsKey(TOKEN);
        List<String> others = KEYS.stream()
                .filter(key -> !List.of(ID, SECRET, TOKEN).contains(key) && entries.containsKey(key))
                .toList();
        int ways = (byVariables ? 1 : 0) + others.size();
        if (ways != 1) {
            context.errors()
                    .add(
                            node.location(),
                            ways == 0
                                    ? "No credentials are configured."
                                    : "More than one kind of credentials is configured.",
                            "Use one of: " + expectation() + ".");
            return null;
        }
        CredentialsConfig credentials = byVariables ? variables(table, context) : other(others.get(0), table, context);
        return known ? credentials : null;
    }

    private @Nullable CredentialsConfig other(String way, Mapping table, ReadContext context) {
        ConfigNode node = Objects.requireNonNull(table.entries().get(way));
        return switch (way) {
            case FILE -> file(node, context);
            case URI_KEY -> uri(node, context);
            default -> RoleCredentials.read(way, node, context, this);
        };
    }

    private @Nullable CredentialsConfig chain(Sequence items, ReadContext context) {
        List<CredentialsConfig> links = new ArrayList<>();
        for (ConfigNode item : items.items()) {
            CredentialsConfig link = read(item, context);
            if (link != null) {
                links.add(link);
            }
        }
        if (items.items().isEmpty()) {
            context.errors().add(items.location(), "The list is empty; expected " + expectation() + ".", "");
        }
        return links.isEmpty() || links.size() < items.items().size() ? null : new CredentialsConfig.Chain(links);
    }

    private static boolean refuseUnknownKeys(Mapping table, ReadContext context) {
        boolean known = true;
        for (Map.Entry<String, ConfigNode> entry : table.entries().entrySet()) {
            if (!KEYS.contains(entry.getKey())) {
                known = false;
                String hint = Suggestion.instead(entry.getKey(), KEYS);
                SourceLocation location = table.location()
                        .child(
                                RoleCredentials.shown(entry.getKey()),
                                entry.getValue().location().where());
                context.errors().add(location, "Unknown key.", hint);
            }
        }
        return known;
    }

    private static @Nullable CredentialsConfig variables(Mapping table, ReadContext context) {
        String id = variable(table, ID, true, context);
        String secret = variable(table, SECRET, true, context);
        String token = variable(table, TOKEN, false, context);
        boolean tokenIsWrong = token == null && table.entries().containsKey(TOKEN);
        return id == null || secret == null || tokenIsWrong
                ? null
                : new CredentialsConfig.Environment(id, secret, token);
    }

    /** The name of the variable that a field refers to; null when it is missing or invalid. */
    private static @Nullable String variable(Mapping table, String key, boolean required, ReadContext context) {
        ConfigNode node = table.entries().get(key);
        if (node == null) {
            if (required) {
                context.errors()
                        .add(
                                table.location().missing(key),
                                "Missing.",
                                "Write '" + key + ": ${" + Variables.nameFor(key)
                                        + "}' with the name of the environment" + " variable that holds it.");
            }
            return null;
        }
        return SecretReference.TYPE.read(node, context);
    }

    private static @Nullable CredentialsConfig file(@Nullable ConfigNode node, ReadContext context) {
        if (node == null || !isText(node, context, "a path")) {
            return null;
        }
        Variables.Expanded path = context.variables().expand((Scalar) node, context.errors());
        if (path != null && path.value().isBlank()) {
            context.errors().add(node.location(), "Expected a path.", "");
            return null;
        }
        return path == null ? null : new CredentialsConfig.File(path.value().strip());
    }

    private static @Nullable CredentialsConfig uri(@Nullable ConfigNode node, ReadContext context) {
        if (node == null || !isText(node, context, "an http or https address")) {
            return null;
        }
        String text = context.variables().expandButSecrets((Scalar) node, context.errors());
        if (text == null) {
            return null;
        }
        try {
            CredentialsConfig.UriTemplate template = new CredentialsConfig.UriTemplate(text.strip());
            return template.hasVariables() ? template : template.resolve(name -> null);
        } catch (IllegalArgumentException e) {
            context.errors().add(node.location(), "Expected an http or https address: " + e.getMessage() + ".", "");
        }
        return null;
    }

    private static boolean isText(ConfigNode node, ReadContext context, String expectation) {
        if (node instanceof Scalar text && !text.raw().isBlank()) {
            return true;
        }
        context.errors().add(node.location(), "Expected " + expectation + ".", "");
        return false;
    }
}
