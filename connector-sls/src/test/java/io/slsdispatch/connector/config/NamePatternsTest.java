package io.slsdispatch.connector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternsTest {

    @ParameterizedTest
    @CsvSource({
        "app-*,app-,true",
        "app-*,app-x,true",
        "app-*,app,false",
        "app-*,xapp-y,false",
        "*-logs,a-logs,true",
        "*-logs,a-logs-b,false",
        "a?c,abc,true",
        "a?c,ac,false",
        "a*b*c,aXbYbZc,true",
        "a*b*c,aXcYb,false",
        "a.c,abc,false",
        "abc,abc,true",
        "**,x,true",
    })
    void matchesWholeNames(String pattern, String name, boolean matches) {
        assertThat(NamePatterns.of("never", pattern).allow(name)).isEqualTo(matches);
    }

    @Test
    @Timeout(10)
    void noPatternTakesLong() {
        NamePatterns patterns = NamePatterns.of("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b");

        assertThat(patterns.allow("a".repeat(10_000))).isFalse();
    }

    @Test
    void thereIsAtLeastOnePattern() {
        assertThatThrownBy(() -> new NamePatterns(List.of())).hasMessageContaining("at least one pattern");
    }
}
