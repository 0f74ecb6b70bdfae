package io.slsdispatch.job.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextMatchTest {

    @Test
    void globKnowsRunsSingleCharactersRangesAndEscapes() {
        assertThat(TextMatch.glob("app-*-log").matches("app-eu-1-log")).isTrue();
        assertThat(TextMatch.glob("app-*-log").matches("app-log")).isFalse();
        assertThat(TextMatch.glob("a?c").matches("a\uD83D\uDE00c")).isTrue();
        assertThat(TextMatch.glob("a?c").matches("ac")).isFalse();
        assertThat(TextMatch.glob("web[0-9]?").matches("web7x")).isTrue();
        assertThat(TextMatch.glob("web[!0-9]").matches("web7")).isFalse();
        assertThat(TextMatch.glob("what\\?").matches("what?")).isTrue();
        assertThat(TextMatch.glob("what\\?").matches("whatx")).isFalse();
        assertThat(TextMatch.glob("*").matches("")).isTrue();
    }

    @Test
    void globIsSimplifiedToWhatItSays() {
        assertThat(TextMatch.glob("nginx")).isEqualTo(TextMatch.exactly("nginx"));
        assertThat(TextMatch.glob("nginx*")).isEqualTo(TextMatch.prefix("nginx"));
        assertThat(TextMatch.glob("**")).isEqualTo(TextMatch.ANY);
        assertThat(TextMatch.glob("a\\*")).isEqualTo(TextMatch.exactly("a*"));
    }

    @Test
    void malformedGlobsAreRefusedWithTheReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextMatch.glob("web[0-9"))
                .withMessageContaining("has no ']'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextMatch.glob("a\\"))
                .withMessageContaining("backslash");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextMatch.glob("[9-0]"))
                .withMessageContaining("end is before its start");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextMatch.glob("[]"))
                .withMessageContaining("nothing");
    }

    @Test
    void regexMustMatchTheWholeText() {
        TextMatch regex = TextMatch.regex("app-(eu|us)");

        assertThat(regex.matches("app-eu")).isTrue();
        assertThat(regex.matches("my-app-eu")).isFalse();
        assertThat(regex.matches("app-eu-1")).isFalse();
        assertThat(TextMatch.regex(".*").matches("two\nlines")).isTrue();
    }

    @Test
    void regexRefusesWhatCannotBeMatchedInLinearTime() {
        assertThatIllegalArgumentException().isThrownBy(() -> TextMatch.regex("(a)\\1"));
        assertThatIllegalArgumentException().isThrownBy(() -> TextMatch.regex("(?=a)b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextMatch.regex("(unclosed"))
                .withMessageContaining("unclosed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(((x{1000}){1000}){1000})",
                "((x{1000}){100})?",
                "(?P<name>(?i:x{1000}){11})",
                "\\p{L}{1000}{11}",
                "[^]x{2}]{1000}{11}",
                "x{1000}x{1000}x{1000}x{1000}x{1000}x{1000}x{1000}x{1000}x{1000}x{1000}x{1000}",
                "\\Qx{2}\\E{1000}{11}",
                "(((((((((((((((x{2}){2}){2}){2}){2}){2}){2}){2}){2}){2}){2}){2}){2}){2}){2})",
                "x{999,}{11}"
            })
    void expressionThatBecomesTooLargeIsRefusedBeforeItIsCompiled(String expression) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextMatch.regex(expression))
                .withMessageContaining("more than 10000 elements");
    }

    @Test
    void otherExpressionsThatNobodyWritesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextMatch.regex("x".repeat(10_001)))
                .withMessageContaining("10001 characters, more than 10000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextMatch.regex("(".repeat(101) + "x" + ")".repeat(101)))
                .withMessageContaining("nested deeper than 100 levels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextMatch.regex("((x?){250}){9}"))
                .withMessageContaining("consecutive elements are optional");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TextMatch.glob("?".repeat(1_001)))
                .withMessageContaining("1001 characters, more than 1000");
    }

    /** Nothing may be refused that people write, and what passes can be compiled and matched on a small stack. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x{1000}",
                ".{0,255}",
                "x{0,1000}",
                "(x?){300}",
                "[a-z0-9]{1,63}(\\.[a-z0-9]{1,63}){0,10}",
                "[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}",
                "(?i)(app|web|db)-.*?-(prod|test)(-[0-9]+)?",
                "^\\Qa.b\\E\\d+[[:alpha:]]\\pL\\x{10FFFF}$",
                "a{,3}b{c}"
            })
    void expressionsThatPeopleWriteStay(String expression) throws Exception {
        List<Throwable> failures = new ArrayList<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        TextMatch.regex(expression).matches("some-text-of-a-topic");
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                },
                "small stack",
                1 << 20);
        thread.start();
        thread.join();

        assertThat(failures).isEmpty();
    }

    @Test
    void aLongListOfTopicsIsNoLargeExpression() {
        String topics =
                IntStream.range(0, 400).mapToObj(i -> "some-topic-of-mine-" + i).collect(Collectors.joining("|"));

        assertThat(TextMatch.regex("(" + topics + ")(-[0-9]+)?").matches("some-topic-of-mine-399-7"))
                .isTrue();
    }

    @Test
    void regexThatBacktracksForEverElsewhereEndsHere() {
        TextMatch regex = TextMatch.regex("(a|a)*(a*)*b");

        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> assertThat(regex.matches("a".repeat(20_000)))
                .isFalse());
    }

    @Test
    void bytesThatAreNotUtf8AreOneCharacterEach() {
        String notUtf8 = "\uDCFFlog\uDC80";

        assertThat(TextMatch.glob("?log?").matches(notUtf8)).isTrue();
        assertThat(TextMatch.regex(".log.").matches(notUtf8)).isTrue();
        assertThat(TextMatch.prefix("\uDCFF").matches(notUtf8)).isTrue();
        assertThat(TextMatch.exactly("\uDCFElog\uDC80").matches(notUtf8)).isFalse();
    }

    @Test
    void coversIsFoundWhereItCanBeTold() {
        assertThat(TextMatch.ANY.covers(TextMatch.regex("a+"))).isTrue();
        assertThat(TextMatch.prefix("app-").covers(TextMatch.exactly("app-1"))).isTrue();
        assertThat(TextMatch.prefix("app-").covers(TextMatch.prefix("app-eu"))).isTrue();
        assertThat(TextMatch.prefix("app-").covers(TextMatch.glob("app-*-log"))).isTrue();
        assertThat(TextMatch.glob("*-log").covers(TextMatch.glob("app-?-log"))).isTrue();
        assertThat(TextMatch.glob("*-log").covers(TextMatch.exactly("app-log"))).isTrue();
        assertThat(TextMatch.glob("a*b*").covers(TextMatch.prefix("ab"))).isTrue();
        assertThat(TextMatch.regex("a+").covers(TextMatch.exactly("aaa"))).isTrue();
        assertThat(TextMatch.regex("a+").covers(TextMatch.regex("a+"))).isTrue();
        assertThat(TextMatch.regex(".*").covers(TextMatch.glob("a?"))).isTrue();
        TextMatch either = TextMatch.anyOf(List.of(TextMatch.exactly("a"), TextMatch.prefix("b")));
        assertThat(either.covers(TextMatch.anyOf(List.of(TextMatch.exactly("bc"), TextMatch.exactly("a")))))
                .isTrue();
    }

    @Property
    void coveringMeansMatchingAllThatTheOtherMatches(
            @ForAll("matches") TextMatch wider, @ForAll("matches") TextMatch narrower, @ForAll("texts") String text) {
        if (wider.covers(narrower) && narrower.matches(text)) {
            assertThat(wider.matches(text))
                    .as("%s covers %s, which matches '%s'", wider, narrower, text)
                    .isTrue();
        }
    }

    @Property
    void globMatchesWhatItsTranslationToARegexMatches(@ForAll("globs") String glob, @ForAll("texts") String text) {
        String regex = glob.replace("*", ".*").replace("?", ".").replace("[!", "[^");

        assertThat(TextMatch.glob(glob).matches(text)).isEqualTo(Pattern.matches(regex, text));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars('a', 'b', 'c').ofMaxLength(6);
    }

    @Provide
    Arbitrary<String> globs() {
        return Arbitraries.of("a", "b", "*", "?", "[ab]", "[!a]", "[a-c]")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<TextMatch> matches() {
        Arbitrary<TextMatch> single = Arbitraries.oneOf(
                texts().map(TextMatch::exactly),
                texts().map(TextMatch::prefix),
                globs().map(TextMatch::glob),
                Arbitraries.of("a*", ".*", "(a|b)+", "a.c?").map(TextMatch::regex),
                Arbitraries.just(TextMatch.ANY));
        return Arbitraries.oneOf(single, single.list().ofMinSize(1).ofMaxSize(3).map(TextMatch::anyOf));
    }
}
