package io.slsdispatch.job.yaml;

import io.slsdispatch.job.yaml.ConfigNode.Scalar;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Type of an option whose value is one scalar.
 *
 * @param expectation what is expected, to follow the word "expected"
 * @param schema JSON schema of the strings that the parser accepts; it may allow some that the parser refuses
 * @param parser parser of a string; throws {@link IllegalArgumentException} when the string is not as expected, and its
 *     message, if any, describes the error
 */
public record ScalarType<T>(String expectation, Map<String, Object> schema, Function<String, T> parser)
        implements ValueType<T> {

    /** A type whose schema allows any string. */
    public ScalarType(String expectation, Function<String, T> parser) {
        this(expectation, JsonSchemas.scalar(), parser);
    }

    /** Parses a string whose variables are replaced. */
    public T parse(String text) {
        return parser.apply(text.strip());
    }

    @Override
    public @Nullable T read(ConfigNode node, ReadContext context) {
        if (!(node instanceof Scalar text)) {
            context.errors().add(node.location(), "Expected " + expectation + ", found " + node.kind() + ".", "");
            return null;
        }
        Variables.Expanded expanded = context.variables().expand(text, context.errors());
        if (expanded == null) {
            return null;
        }
        try {
            return parse(expanded.value());
        } catch (IllegalArgumentException e) {
            // The message of a NumberFormatException describes Java, not the configuration.
            String says = e instanceof NumberFormatException ? null : e.getMessage();
            context.errors()
                    .add(
                            node.location(),
                            expanded.shown(),
                            "Expected " + expectation + "." + expanded.reason(says),
                            "");
            return null;
        }
    }
}
