package io.slsdispatch.job.rules.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.slsdispatch.job.rules.RuleSet;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuleSwitchTest {

    private static final RuleSet ONE = RuleSet.first(table("a"));
    private static final RuleSet TWO = ONE.next(table("b"));
    private static final RuleSet THREE = TWO.next(table("c"));

    private final RuleSwitch versions = new RuleSwitch(ONE);

    @Test
    void proposalHoldsFromItsCheckpointOnOnceThatIsComplete() {
        versions.propose(7, TWO);
        assertThat(versions.active()).isEqualTo(ONE);
        assertThat(versions.isHeld()).isFalse();

        assertThat(versions.store(7)).isEqualTo(TWO);
        assertThat(versions.isHeld())
                .as("neither version may dispatch a group now")
                .isTrue();
        assertThat(versions.activeVersion()).isEqualTo(1);

        assertThat(versions.complete(7)).isTrue();
        assertThat(versions.isHeld()).isFalse();
        assertThat(versions.active()).isEqualTo(TWO);
        assertThat(versions.activeVersion()).isEqualTo(2);
        assertThat(versions.store(8)).isEqualTo(TWO);
    }

    @Test
    void abortedCheckpointLeavesTheOldVersion() {
        versions.propose(7, TWO);
        versions.store(7);

        versions.abort(7);

        assertThat(versions.isHeld()).isFalse();
        assertThat(versions.active()).isEqualTo(ONE);
        assertThat(versions.complete(8)).isFalse();
        assertThat(versions.store(8)).isEqualTo(ONE);
    }

    @Test
    void wordOnOtherCheckpointsChangesNothing() {
        versions.propose(7, TWO);
        versions.store(7);

        assertThat(versions.complete(6)).isFalse();
        versions.abort(6);
        versions.abort(8);

        assertThat(versions.isHeld()).isTrue();
        assertThat(versions.heldFor()).isEqualTo(7);
    }

    @Test
    void wordOnALaterCheckpointIsWordOnThisOne() {
        versions.propose(7, TWO);
        versions.store(7);

        assertThat(versions.complete(8)).isTrue();
        assertThat(versions.active()).isEqualTo(TWO);
    }

    @Test
    void completeCheckpointThatStoredNoProposalActivatesNone() {
        versions.propose(7, TWO);

        assertThat(versions.complete(7)).isFalse();
        assertThat(versions.active()).isEqualTo(ONE);
    }

    @Test
    void proposalWhoseBarrierNeverCameIsForgotten() {
        versions.propose(7, TWO);

        assertThat(versions.store(6)).as("an earlier one, still on its way").isEqualTo(ONE);
        assertThat(versions.store(8)).isEqualTo(ONE);
        assertThat(versions.isHeld()).isFalse();
        assertThat(versions.store(7)).isEqualTo(ONE);
    }

    @Test
    void newProposalIsWordThatTheOldOneWasAborted() {
        versions.propose(7, TWO);
        versions.store(7);

        versions.propose(8, THREE);

        assertThat(versions.isHeld()).isFalse();
        assertThat(versions.store(8)).isEqualTo(THREE);
        assertThat(versions.complete(8)).isTrue();
        assertThat(versions.active()).isEqualTo(THREE);
    }

    @Test
    void laterCheckpointCannotBeStoredBeforeTheWordIsThere() {
        versions.propose(7, TWO);
        versions.store(7);

        assertThatIllegalStateException().isThrownBy(() -> versions.store(8)).withMessageContaining("checkpoint 7");
    }

    private static RuleTable table(String target) {
        return new RuleTable(List.of(), new DefaultRule.To(target), new DefaultRule.Fail());
    }
}
