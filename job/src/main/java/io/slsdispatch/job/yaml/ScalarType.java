package io.slsdispatch.job.yaml;

import io.slsdispatch.job.yaml.ConfigNode.Scalar;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that is one text.
 *
 * @param expectation what is expected, to follow the word "expected"
 * @param schema of the texts that the parser takes, and perhaps of some that it does not
 * @param parser throws {@link IllegalArgumentException} when the text is not as expected; its message, if it has one,
 *     says what is wrong in this case
 */
public record ScalarType<T>(String expectation, Map<String, Object> schema, Function<String, T> parser)
        implements ValueType<T> {

    /** A text whose schema says no more than that it is one. */
    public ScalarType(String expectation, Function<String, T> parser) {
        this(expectation, JsonSchemas.scalar(), parser);
    }

    /** What a text means, without variables. */
    public T parse(String text) {
        return parser.apply(text.strip());
    }

    @Override
    public @Nullable T read(ConfigNode node, ReadContext context) {
        if (!(node instanceof Scalar text)) {
            context.errors().add(node.location(), "Here stands " + node.kind() + "; expected " + expectation + ".", "");
            return null;
        }
        Variables.Expanded expanded = context.variables().expand(text, context.errors());
        if (expanded == null) {
            return null;
        }
        try {
            return parse(expanded.value());
        } catch (IllegalArgumentException e) {
            context.errors().add(node.location(), expanded.shown(), problem(e), "");
            return null;
        }
    }

    private String problem(IllegalArgumentException reason) {
        // The words of a NumberFormatException are about Java, not about the configuration.
        boolean says = reason.getMessage() != null && !(reason instanceof NumberFormatException);
        return "Expected " + expectation + "." + (says ? " In detail: " + reason.getMessage() + "." : "");
    }
}
