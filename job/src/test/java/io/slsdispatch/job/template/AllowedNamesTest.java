package io.slsdispatch.job.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.slsdispatch.connector.config.NamePatterns;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedNamesTest {

    private static NamePatterns of(String... patterns) {
        return AllowedNames.of(List.of(patterns));
    }

    @ParameterizedTest
    @CsvSource({
        "app-*, app-*, true",
        "app-*, app, false",
        "app-*, app-x, true",
        "app-*, *-logs, true",
        "app-*, team-*, false",
        "a*b, *c, false",
        "a*b, *b, true",
        "abc, a*c, true",
        "*, x-1, true",
        "a**z, ab*yz, true",
        "a?c, abc, true",
        "a?c, a?, false",
        "?*, bcd, true"
    })
    void overlapMeansThatANameMatchesBoth(String one, String other, boolean overlap) {
        assertThat(AllowedNames.overlap(of(one), of(other))).isEqualTo(overlap);
        assertThat(AllowedNames.overlap(of(other), of(one))).isEqualTo(overlap);
    }

    @ParameterizedTest
    @ValueSource(strings = {"App-*", "a b*", "a.b", "-app", "a", ""})
    void aPatternThatMatchesNoLogstoreIsRefused(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> of(pattern));
    }

    @Property
    void patternsMatchAsTheExpressionThatTheyMean(
            @ForAll("patterns") String pattern, @ForAll("patterns") String other, @ForAll("names") String name) {
        assertThat(of(pattern).allow(name)).isEqualTo(matches(pattern, name));
        if (matches(pattern, name) && matches(other, name)) {
            assertThat(AllowedNames.overlap(of(pattern), of(other))).isTrue();
        }
    }

    private static boolean matches(String pattern, String name) {
        return Pattern.matches(pattern.replace("*", ".*").replace("?", "."), name);
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings()
                .withChars("ab*?")
                .ofMinLength(1)
                .ofMaxLength(6)
                .map(text -> text + "*");
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("ab").ofMinLength(2).ofMaxLength(8);
    }
}
