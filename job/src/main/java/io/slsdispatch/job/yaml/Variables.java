package io.slsdispatch.job.yaml;

import io.slsdispatch.job.yaml.ConfigNode.Scalar;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replacement of environment variables. Replaces <code>${NAME}</code> and <code>${NAME:-default}</code> as a shell
 * does: the default applies when the variable is unset or empty. <code>$${</code> is an escaped <code>${</code>.
 */
public final class Variables {

    private static final Pattern REFERENCE = Pattern.compile(
            "(?<escaped>\\$\\$\\{)|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<default>[^}]*))?}|(?<bad>\\$\\{)");
    private static final Pattern LONE_REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
    private static final Pattern SECRET_NAME =
            Pattern.compile(".*(KEY|SECRET|TOKEN|PASS|PWD|CREDENTIAL|AUTH).*", Pattern.CASE_INSENSITIVE);

    private final Map<String, String> environment;

    public Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * The result of a replacement.
     *
     * @param value the text with its variables replaced
     * @param shown the part that a message may show
     */
    public record Expanded(String value, String shown) {}

    /** Replaces the variables of a text; null, with an error, when one is missing. */
    @Nullable
    public Expanded expand(Scalar text, ConfigErrors errors) {
        String raw = text.raw();
        if (!raw.contains("${")) {
            return new Expanded(raw, raw);
        }
        Matcher matcher = REFERENCE.matcher(raw);
        StringBuilder value = new StringBuilder();
        boolean complete = true;
        boolean secret = false;
        while (matcher.find()) {
            String name = matcher.group("name");
            String replacement;
            if (matcher.group("escaped") != null) {
                replacement = "${";
            } else if (name == null) {
                errors.add(
                        text.location(),
                        raw,
                        "'${' does not start a valid variable.",
                        "Write ${NAME} or ${NAME:-default}; for a literal ${ write $${.");
                return null;
            } else {
                secret |= SECRET_NAME.matcher(name).matches();
                replacement = value(name, matcher.group("default"));
                if (replacement == null) {
                    complete = false;
                    replacement = "";
                    errors.add(
                            text.location(),
                            raw,
                            "The environment variable " + name + " is not set.",
                            "Set it, or write a default: ${" + name + ":-default}.");
                }
            }
            matcher.appendReplacement(value, Matcher.quoteReplacement(replacement));
        }
        matcher.appendTail(value);
        return complete ? new Expanded(value.toString(), secret ? raw : raw + " (" + value + ")") : null;
    }

    private @Nullable String value(String name, @Nullable String otherwise) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? (otherwise == null ? value : otherwise) : value;
    }

    /** The name of the variable, when the text is one variable and nothing else. */
    public static Optional<String> loneReference(String raw) {
        Matcher matcher = LONE_REFERENCE.matcher(raw.strip());
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** A variable name derived from a key: {@code access-key-id} gives {@code ACCESS_KEY_ID}. */
    public static String nameFor(String key) {
        return key.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
