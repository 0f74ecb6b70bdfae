package io.slsdispatch.local.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.slsdispatch.local.wire.Operation;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which calls a fault strikes. */
class FaultsTest {

    private static final FaultTarget PULL = new FaultTarget(Operation.PULL_LOGS, "project", "store", OptionalInt.of(3));
    private static final Fault RESET = Fault.always(new Effect.Reset(Effect.Moment.BEFORE));

    private final AtomicLong nanos = new AtomicLong(77);
    private double chance;
    private final Faults faults = new Faults(() -> chance, nanos::get);

    private long strikesOf(int calls, FaultTarget target) {
        return IntStream.range(0, calls)
                .filter(i -> !faults.struck(target, Effect.Reset.class).isEmpty())
                .count();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void strikesWhatMatchesInEveryRespect() {
        faults.add(RESET.on(Operation.PULL_LOGS)
                .inProject("project")
                .inLogstore("store")
                .inShard(3));
        assertThat(strikesOf(1, PULL)).isEqualTo(1);
        assertThat(strikesOf(1, PULL.at(4))).isZero();
        assertThat(strikesOf(1, new FaultTarget(Operation.PUT_LOGS, "project", "store", OptionalInt.of(3))))
                .isZero();
        assertThat(strikesOf(1, new FaultTarget(Operation.PULL_LOGS, "other", "store", OptionalInt.of(3))))
                .isZero();
        assertThat(strikesOf(1, new FaultTarget(Operation.PULL_LOGS, "project", "other", OptionalInt.of(3))))
                .isZero();
        assertThat(strikesOf(1, new FaultTarget(Operation.PULL_LOGS, "project", "store", OptionalInt.empty())))
                .isZero();
    }

    @Test
    void letsCallsPassFirstAndIsOverAfterItsCount() {
        faults.add(RESET.skipping(2).times(3));
        assertThat(strikesOf(2, PULL)).isZero();
        assertThat(strikesOf(10, PULL)).isEqualTo(3);
        assertThat(faults.list())
                .singleElement()
                .extracting(Faults.View::struck, Faults.View::phase)
                .containsExactly(3L, Fault.Phase.OVER);
    }

    @Test
    void strikesByChance() {
        faults.add(RESET.withProbability(0.3));
        chance = 0.31;
        assertThat(strikesOf(5, PULL)).isZero();
        chance = 0.29;
        assertThat(strikesOf(5, PULL)).isEqualTo(5);
    }

    @Test
    void strikesInsideItsWindowOfTimeOnly() {
        faults.add(RESET.startingAfter(Duration.ofSeconds(10)).endingAfter(Duration.ofSeconds(20)));
        assertThat(strikesOf(1, PULL)).isZero();
        assertThat(faults.list().get(0).phase()).isEqualTo(Fault.Phase.WAITING);
        pass(Duration.ofSeconds(10));
        assertThat(strikesOf(2, PULL)).isEqualTo(2);
        assertThat(faults.list().get(0).phase()).isEqualTo(Fault.Phase.ON);
        pass(Duration.ofSeconds(10));
        assertThat(strikesOf(1, PULL)).isZero();
        assertThat(faults.list().get(0).phase()).isEqualTo(Fault.Phase.OVER);
    }

    @Test
    void isSwitchedOffByItsId() {
        long one = faults.add(RESET);
        long other = faults.add(RESET);
        assertThat(faults.remove(one)).isTrue();
        assertThat(faults.remove(one)).isFalse();
        assertThat(faults.isOff()).isFalse();
        assertThat(faults.remove(other)).isTrue();
        assertThat(faults.isOff()).isTrue();
        assertThat(strikesOf(1, PULL)).isZero();
    }

    @Test
    void anEventMatchesCallsThatAreAboutNoShard() {
        faults.add(Fault.of(new Effect.Merge(Effect.Moment.BEFORE), "project", "store", 1));
        assertThat(faults.struck(PULL, Effect.Event.class)).isEmpty();
        FaultTarget list = new FaultTarget(Operation.LIST_SHARDS, "project", "store", OptionalInt.empty());
        assertThat(faults.struck(list, Effect.Event.class)).hasSize(1);
        assertThat(faults.struck(list, Effect.Event.class)).isEmpty();
    }

    @Test
    void aWindowOfAQuotaBeginsAgain() {
        faults.add(Fault.always(new Effect.Quota(
                Effect.Limited.SHARD, OptionalLong.empty(), OptionalLong.of(1), Duration.ofSeconds(1))));
        faults.admit(PULL, 0);
        assertThat(catchThrowable(() -> faults.admit(PULL, 0))).hasMessageContaining("quota exceed");
        pass(Duration.ofSeconds(1));
        faults.admit(PULL, 0);
        assertThat(faults.list().get(0).struck()).isEqualTo(1);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> RESET.withProbability(0));
        assertThatIllegalArgumentException().isThrownBy(() -> RESET.withProbability(1.01));
        assertThatIllegalArgumentException().isThrownBy(() -> RESET.withProbability(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> RESET.times(0));
        assertThatIllegalArgumentException().isThrownBy(() -> RESET.skipping(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> RESET.endingAfter(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> Fault.always(new Effect.Merge(Effect.Moment.BEFORE)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.of(new Effect.Merge(Effect.Moment.BEFORE), "project", "store"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Effect.Bandwidth(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Effect.Split(1, Effect.Moment.BEFORE));
    }
}
