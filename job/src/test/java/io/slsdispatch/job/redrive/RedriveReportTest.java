package io.slsdispatch.job.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** When a run may say that everything is sent. */
class RedriveReportTest {

    private final RedriveReport report = new RedriveReport();

    @Test
    void isCompleteWhenNothingIsLeft() {
        report.incomplete(List.of(), 0);

        assertThat(report.isComplete()).isTrue();
    }

    @Test
    void isNotCompleteWhenPartsOfLettersWereFoundThatAreTooManyToBeNamed() {
        report.incomplete(List.of(), 3);

        assertThat(report.isComplete()).isFalse();
        assertThat(report.incomplete().count()).isEqualTo(3);
        assertThat(report.incomplete().first()).isEmpty();
    }
}
