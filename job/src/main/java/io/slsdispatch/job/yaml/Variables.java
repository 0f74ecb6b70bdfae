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
     * @param hasSecret whether a variable holds a secret, so that a message must not show any part of the value
     */
    public record Expanded(String value, String shown, boolean hasSecret) {

        /** Why the value is invalid, to follow a sentence; empty when there is nothing to say or to show. */
        public String reason(@Nullable String says) {
            if (hasSecret) {
                return " The value is not shown, because the name of its variable looks like that of a secret.";
            }
            return says == null ? "" : " Reason: " + says + ".";
        }
    }

    /** Replaces the variables of a text; null, with an error, when one is missing. */
    @Nullable
    public Expanded expand(Scalar text, ConfigErrors errors) {
        String raw = text.raw();
        if (!raw.contains("${")) {
            return new Expanded(raw, raw, false);
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
                secret |= isSecret(name);
                replacement = value(text, name, matcher.group("default"), errors);
                complete &= replacement != null;
            }
            matcher.appendReplacement(value, Matcher.quoteReplacement(replacement == null ? "" : replacement));
        }
        matcher.appendTail(value);
        return complete ? new Expanded(value.toString(), secret ? raw : raw + " (" + value + ")", secret) : null;
    }

    /** Hides the value of a variable that is used as a secret, whatever its name, in all errors. */
    public void hide(String name, ConfigErrors errors) {
        String value = environment.get(name);
        if (value != null) {
            errors.hide(value);
        }
    }

    /** Whether a variable holds a secret, to judge by its name. */
    static boolean isSecret(String name) {
        return SECRET_NAME.matcher(name).matches();
    }

    /**
     * Replaces the variables of an address as {@link #expand}, except for those that the processes of the cluster
     * replace: all after the question mark, where keys are, those whose names look like that of a secret, and those
     * whose values have a question mark or a login themselves.
     */
    @Nullable
    public String expandButSecrets(Scalar address, ConfigErrors errors) {
        String raw = address.raw();
        int query = raw.indexOf('?');
        Matcher matcher = REFERENCE.matcher(raw);
        StringBuilder kept = new StringBuilder();
        while (matcher.find()) {
            String name = matcher.group("name");
            String text = matcher.group();
            boolean isLater = name != null && (isSecret(name) || (query >= 0 && matcher.start() > query));
            if (!isLater && !text.startsWith("$$")) {
                Expanded expanded = expand(new Scalar(address.location(), text), errors);
                if (expanded == null) {
                    return null;
                }
                boolean hasKeys =
                        expanded.value().indexOf('?') >= 0 || expanded.value().indexOf('@') >= 0;
                if (!hasKeys) {
                    // A literal '${' in a value stays one.
                    text = expanded.value().replace("${", "$${");
                }
            }
            matcher.appendReplacement(kept, Matcher.quoteReplacement(text));
        }
        return matcher.appendTail(kept).toString();
    }

    /** The value of a variable, which is hidden in errors when it is a secret; null, with an error, when there is none. */
    private @Nullable String value(Scalar text, String name, @Nullable String otherwise, ConfigErrors errors) {
        String value = value(name, otherwise);
        if (value == null) {
            errors.add(
                    text.location(),
                    text.raw(),
                    "The environment variable " + name + " is not set.",
                    "Set it, or write a default: ${" + name + ":-default}.");
        } else if (isSecret(name)) {
            errors.hide(value);
        }
        return value;
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
