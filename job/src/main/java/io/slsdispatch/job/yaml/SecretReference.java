package io.slsdispatch.job.yaml;

import io.slsdispatch.job.yaml.ConfigNode.Scalar;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Type of an option that refers to a secret by the environment variable that holds it. The processes of the cluster
 * read the variable when they need it; it is never read here, so the secret is in no job graph. A secret in plain text
 * is refused, and the message does not repeat it.
 */
public final class SecretReference implements ValueType<String> {

    public static final SecretReference TYPE = new SecretReference();

    private static final String HINT =
            "Set it in an environment variable of the JobManagers and TaskManagers, and write ${NAME} here.";

    private SecretReference() {}

    @Override
    public String expectation() {
        return "an environment variable, such as ${NAME}";
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchemas.text("^\\s*\\$\\{[A-Za-z_][A-Za-z0-9_]*}\\s*$");
    }

    @Override
    public @Nullable String read(ConfigNode node, ReadContext context) {
        ConfigErrors errors = context.errors();
        if (!(node instanceof Scalar text)) {
            errors.add(node.location(), "Expected an environment variable, such as ${NAME}.", HINT);
            return null;
        }
        String name = Variables.loneReference(text.raw()).orElse(null);
        if (name == null) {
            boolean hasDefault = text.raw().strip().startsWith("${");
            errors.add(
                    node.location(),
                    hasDefault
                            ? "A secret must be exactly one environment variable, without a default and without other text."
                            : "A secret must not be written here.",
                    HINT);
        } else {
            context.variables().hide(name, errors);
        }
        return name;
    }
}
