package io.slsdispatch.connector.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    private static Cursor encoded(String content) {
        return Cursor.of(Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Cursor number(long number) {
        return encoded(Long.toString(number));
    }

    /** MTAwMg== is 1002, as the service writes it. */
    @ParameterizedTest
    @ValueSource(strings = {"MTAwMg==", "MTAwMg", "MTAwMg=", "MTAwMg==\n", "MTAwMg\n", "MTAwMg==\r\n", "MTAwMgo="})
    void placesWithOneNumberAreEqualHoweverTheyAreSpelt(String text) {
        Cursor cursor = Cursor.of(text);

        assertThat(cursor.number()).hasValue(1002);
        assertThat(cursor).isEqualTo(Cursor.of("MTAwMg==")).hasSameHashCodeAs(Cursor.of("MTAwMg=="));
        assertThat(cursor.text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"+5", "-5", "", " 5", "5 5", "0x5", "5.0", "9223372036854775808", "00000000000000000005"})
    void whatIsNoPlainNumberHasNone(String content) {
        assertThat(encoded(content).number()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not-base64!", "end", "M", "MTAw=Mg"})
    void whatIsNoBase64HasNoNumberAndEqualsItsOwnTextOnly(String text) {
        assertThat(Cursor.of(text).number()).isEmpty();
        assertThat(Cursor.of(text)).isEqualTo(Cursor.of(text)).isNotEqualTo(Cursor.of(text + "\n"));
        assertThat(Cursor.of(text)).isNotEqualTo(number(5));
        assertThat(Cursor.of(text).isAfter(number(5))).isFalse();
        assertThat(number(5).isAfter(Cursor.of(text))).isFalse();
        assertThat(Cursor.of(text).isAtOrAfter(Cursor.of(text))).isTrue();
        assertThat(Cursor.of(text).plus(1)).isEmpty();
    }

    @Test
    void orderIsThatOfNumbersAndNotOfTexts() {
        assertThat(number(10).isAfter(number(9))).isTrue();
        assertThat(number(9).isAfter(number(10))).isFalse();
        assertThat(number(9).isAfter(number(9))).isFalse();
        assertThat(number(9).isAtOrAfter(number(9))).isTrue();
        assertThat(number(9).distanceTo(number(12))).hasValue(3);
        assertThat(number(12).distanceTo(number(9))).isEmpty();
        assertThat(number(12).distanceTo(Cursor.of("end"))).isEmpty();
    }

    @Test
    void placesBesideOneAreFoundWithinTheNumbersThereAre() {
        assertThat(number(1000).plus(2)).hasValue(Cursor.of("MTAwMg=="));
        assertThat(number(1000).plus(2).orElseThrow().text()).isEqualTo("MTAwMg==");
        assertThat(number(3).plus(-3)).hasValue(number(0));
        assertThat(number(3).plus(-4)).isEmpty();
        assertThat(number(Long.MAX_VALUE).plus(1)).isEmpty();
        assertThat(number(Long.MAX_VALUE).number()).hasValue(Long.MAX_VALUE);
    }
}
