package io.slsdispatch.connector.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slsdispatch.connector.client.ErrorCodes;
import io.slsdispatch.connector.client.ErrorKind;
import io.slsdispatch.connector.client.SlsException;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.put.PutErrors.Meaning;
import io.slsdispatch.connector.put.PutErrors.UnknownRefusals;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which codes are about what: the service's pages, error_code.go of the Go SDK, SLSConstant.cpp of loongcollector. */
class PutErrorsTest {

    private final PutErrors errors = new PutErrors(RetryPolicy.DEFAULT);

    @ParameterizedTest
    @CsvSource({
        // about the content
        "PostBodyInvalid,         400, ID, ABOUT_GROUP",
        "postbodyinvalid,         400, ID, ABOUT_GROUP",
        "PostBodyUncompressError, 400, ID, ABOUT_GROUP",
        "InvalidTimestamp,        400, ID, ABOUT_GROUP",
        "InvalidEncoding,         400, ID, ABOUT_GROUP",
        "InvalidKey,              400, ID, ABOUT_GROUP",
        "PostBodyTooLarge,        400, ID, TOO_LARGE",
        "PostBodyTooLarge,         -1, '', TOO_LARGE",
        // about the request
        "InvalidHost,             400, ID, ABOUT_REQUEST",
        "INVALIDHOST,             400, ID, ABOUT_REQUEST",
        "MissingHost,             400, ID, ABOUT_REQUEST",
        "InvalidAPIVersion,       400, ID, ABOUT_REQUEST",
        "InvalidContentType,      415, ID, ABOUT_REQUEST",
        "MissingBodyRawSize,      400, ID, ABOUT_REQUEST",
        "InvalidBodyRawSize,      400, ID, ABOUT_REQUEST",
        "InvalidCompressType,     400, ID, ABOUT_REQUEST",
        "InvalidParameter,        400, ID, ABOUT_REQUEST",
        "ParameterInvalid,        400, ID, ABOUT_REQUEST",
        "BadRequest,              400, ID, ABOUT_REQUEST",
        "NotSupported,            400, ID, ABOUT_REQUEST",
        "NotImplemented,          400, ID, ABOUT_REQUEST",
        "MissingContentLength,    411, ID, ABOUT_REQUEST",
        // never sent: an access key id that no header can carry
        "InvalidArgument,          -1, '', ABOUT_REQUEST",
        // nobody knows
        "SomethingNew,            400, ID, UNKNOWN",
        "SomethingNew,            422, ID, UNKNOWN",
        "InvalidCursor,           400, ID, UNKNOWN",
        // denied
        "Unauthorized,            401, ID, DENIED",
        "LogStoreNotExist,        404, ID, DENIED",
        "SomethingNew,            403, ID, DENIED",
        "NoCredentials,            -1, '', DENIED",
        // passing
        "WriteQuotaExceed,        403, ID, THROTTLED",
        "SomethingNew,            429, '', THROTTLED",
        "InternalServerError,     500, ID, UNAVAILABLE",
        "RequestError,             -1, '', UNAVAILABLE",
        // whoever answered, it was not the service
        "InvalidTimestamp,        400, '', UNAVAILABLE",
        "SomethingNew,            400, '', UNAVAILABLE",
        "Unauthorized,            401, '', UNAVAILABLE",
        "LogStoreNotExist,        404, '', UNAVAILABLE",
        "BadResponse,             404, '', UNAVAILABLE",
        "BadResponse,             501, '', UNAVAILABLE",
        "BadResponse,             413, '', TOO_LARGE",
        "UnreadableAnswer,        200, '', UNCONFIRMED"
    })
    void saysWhatAnAnswerMeans(String code, int status, String requestId, Meaning meaning) {
        assertThat(errors.meaning(error(code, status, requestId))).isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource({
        "contentrejected, 400, ID, ABOUT_GROUP",
        "ContentRejected, 403, ID, ABOUT_GROUP",
        "ContentRejected, 400, '', UNAVAILABLE",
        "GatewayConfused, 400, ID, ABOUT_REQUEST",
        "INVALIDKEY,      400, ID, ABOUT_REQUEST",
        "InvalidHost,     400, ID, ABOUT_GROUP",
        "Timed,            -1, '', UNAVAILABLE"
    })
    void codesOfTheConfigurationComeFirst(String code, int status, String requestId, Meaning meaning) {
        PutErrors configured = new PutErrors(RetryPolicy.DEFAULT.withCodes(
                List.of("ContentRejected", "InvalidHost", "Timed"), List.of("gatewayconfused", "InvalidKey")));

        assertThat(configured.meaning(error(code, status, requestId))).isEqualTo(meaning);
    }

    @Test
    void aCodeCannotBeOfBothKinds() {
        assertThatThrownBy(() -> RetryPolicy.DEFAULT.withCodes(List.of("Odd"), List.of("ODD")))
                .hasMessageContaining("'Odd'")
                .hasMessageContaining("keep one of them");
    }

    @Test
    void onlyTheServiceOrOurClientRejectsForSize() {
        assertThat(PutErrors.rejectsForSize(error("PostBodyTooLarge", 400, "ID")))
                .isTrue();
        assertThat(PutErrors.rejectsForSize(error("PostBodyTooLarge", -1, ""))).isTrue();
        assertThat(PutErrors.rejectsForSize(error("BadResponse", 413, ""))).isFalse();
    }

    @Test
    void anUnknownCodeRejectsAfterFiveTriesAndContrast() {
        UnknownRefusals group = new UnknownRefusals();

        assertThat(refused(group)).isFalse();
        errors.accepted(errors.sent());
        for (int times = 2; times < 5; times++) {
            assertThat(refused(group)).isFalse();
        }
        assertThat(refused(group)).isTrue();
    }

    @Test
    void anUnknownCodeNeverRejectsWithoutContrast() {
        long before = errors.sent();
        errors.accepted(errors.sent());
        errors.accepted(before);
        UnknownRefusals group = new UnknownRefusals();

        for (int times = 1; times < 1000; times++) {
            assertThat(refused(group)).isFalse();
        }
    }

    /** The group must be sent once more after others were accepted: what it met before may have been a bad time. */
    @Test
    void contrastCountsOnlyForATryThatIsSentAfterIt() {
        UnknownRefusals group = new UnknownRefusals();
        for (int times = 1; times < 6; times++) {
            refused(group);
        }
        group.sent(errors);
        errors.accepted(errors.sent());

        assertThat(errors.isAboutGroup(group)).isFalse();
        assertThat(refused(group)).isTrue();
    }

    @Test
    void aRefusedListCountsAsTheFirstRefusalOfItsGroups() {
        UnknownRefusals group = new UnknownRefusals();
        errors.listRefused(group);
        errors.accepted(errors.sent());

        for (int times = 1; times < 5; times++) {
            assertThat(refused(group)).isFalse();
        }
        assertThat(refused(group)).isTrue();
    }

    /** The target may have changed between the one that it accepted and those that it refuses now. */
    @Test
    void anAcceptanceOfWhatWasSentBeforeIsNoContrastWhenOthersAreRefusedToo() {
        long before = errors.sent();
        UnknownRefusals group = new UnknownRefusals();
        refused(group);
        errors.accepted(before);
        refused(new UnknownRefusals());

        for (int times = 2; times < 100; times++) {
            assertThat(refused(group)).isFalse();
        }
    }

    @Test
    void anAcceptanceOfWhatWasSentBeforeIsContrastWhenNothingElseIsRefused() {
        long before = errors.sent();
        UnknownRefusals group = new UnknownRefusals();
        refused(group);
        errors.accepted(before);

        for (int times = 2; times < 5; times++) {
            assertThat(refused(group)).isFalse();
        }
        assertThat(refused(group)).isTrue();
    }

    @Test
    void threeUnconfirmedInARowAreEnoughAndThoseInFlightTogetherCountOnce() {
        long first = errors.sent();
        long second = errors.sent();
        assertThat(errors.unconfirmed(first)).isFalse();
        assertThat(errors.unconfirmed(second)).isFalse();
        assertThat(errors.isUnconfirmed()).isTrue();
        assertThat(errors.unconfirmed(errors.sent())).isFalse();
        assertThat(errors.unconfirmed(errors.sent())).isTrue();
    }

    @Test
    void aConfirmationBeginsAgain() {
        errors.unconfirmed(errors.sent());
        errors.unconfirmed(errors.sent());
        errors.accepted(errors.sent());

        assertThat(errors.isUnconfirmed()).isFalse();
        assertThat(errors.unconfirmed(errors.sent())).isFalse();
    }

    private boolean refused(UnknownRefusals group) {
        group.sent(errors);
        return errors.isAboutGroup(group);
    }

    private static SlsException error(String code, int status, String requestId) {
        ErrorKind kind =
                switch (code) {
                    case "InvalidArgument" -> ErrorKind.INVALID_REQUEST;
                    case "NoCredentials" -> ErrorKind.UNAUTHORIZED;
                    default -> ErrorCodes.kind("PutLogs", code, status);
                };
        return new SlsException(kind, "PutLogs", "p/l", status, code, requestId, "said the service", null);
    }
}
