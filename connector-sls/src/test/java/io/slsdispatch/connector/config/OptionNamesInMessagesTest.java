package io.slsdispatch.connector.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Options in messages: the job's users write YAML, those of the library call a builder. A message names the key, and behind
 * it what sets the option in code.
 */
class OptionNamesInMessagesTest {

    private static final Path MAIN = Path.of("src/main/java");
    private static final Path SCHEMA = Path.of("../conf/dispatch.schema.json");

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|(?m)^\\s*//.*$", Pattern.DOTALL);
    private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern KEY = Pattern.compile("\"([a-z]+(?:-[a-z]+)+)\": \\{");

    /** Also words of the language: a dead-letter logstore, a consumer group. */
    private static final Set<String> WORDS = Set.of("dead-letter", "consumer-group");

    @Test
    void everyKeyIsFollowedByTheOptionInCode() throws IOException {
        Pattern key = Pattern.compile("(?<![\\w-])(?:'?batching: |(?:[a-z-]+\\.)?(?:grace\\b(?<=\\.grace)|(?:"
                + String.join("|", keys()) + ")(?![\\w-])))");
        List<String> named = new ArrayList<>();
        for (String message : messages()) {
            Matcher found = key.matcher(message);
            // A literal that is only a key is no message: a file of credentials has the same keys as the YAML.
            while (!keys().contains(message) && found.find()) {
                named.add(message.substring(found.start()));
            }
        }

        assertThat(named).hasSizeGreaterThan(10).allSatisfy(rest -> assertThat(rest)
                .matches("(?s)'?[a-z.-]+(: [a-z-]+)?'?( to '[a-z-]+')? \\(in code: \\w+(\\(.*?\\))?\\).*"));
    }

    private static Set<String> keys() throws IOException {
        Set<String> keys = new TreeSet<>();
        KEY.matcher(Files.readString(SCHEMA)).results().forEach(result -> keys.add(result.group(1)));
        keys.removeAll(WORDS);
        assertThat(keys).contains("on-reject", "failure-age-limit");
        return keys;
    }

    private static List<String> messages() throws IOException {
        List<String> messages = new ArrayList<>();
        try (Stream<Path> files = Files.walk(MAIN)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
                LITERAL.matcher(CONCATENATION.matcher(code).replaceAll(""))
                        .results()
                        .map((MatchResult literal) -> literal.group(1))
                        .forEach(messages::add);
            }
        }
        return messages;
    }
}
