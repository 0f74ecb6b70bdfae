package io.slsdispatch.job.config;

import io.slsdispatch.job.config.ConfigNode.Text;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A secret that is written as the environment variable which holds it. The variable is looked up in the processes of the
 * cluster when it is needed and never here, so that the secret gets into no job graph; a secret that is written out is
 * refused, and not repeated in the message.
 */
final class VariableReference implements ValueType<String> {

    static final VariableReference TYPE = new VariableReference();

    private static final String CURE =
            "Put it into an environment variable of the JobManagers and TaskManagers, and write ${NAME} here.";

    private VariableReference() {}

    @Override
    public String expectation() {
        return "an environment variable, such as ${NAME}";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.text("^\\s*\\$\\{[A-Za-z_][A-Za-z0-9_]*}\\s*$");
    }

    @Override
    public @Nullable String read(ConfigNode node, Reading reading) {
        Mistakes mistakes = reading.mistakes();
        if (!(node instanceof Text text)) {
            mistakes.add(node.place(), "Expected an environment variable, such as ${NAME}.", CURE);
            return null;
        }
        String name = Variables.loneReference(text.raw()).orElse(null);
        if (name == null) {
            boolean hasDefault = text.raw().strip().startsWith("${");
            mistakes.add(
                    node.place(),
                    hasDefault
                            ? "A secret may be one environment variable only, without a default and without more text."
                            : "A secret must not be written here.",
                    CURE);
        }
        return name;
    }
}
