package io.slsdispatch.job.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

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
                .withMessageContaining("backwards");
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
