package io.slsdispatch.soak;

import io.slsdispatch.connector.client.SlsClient;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.e2e.dispatch.LetterBox;
import io.slsdispatch.local.ledger.LedgerEntry;
import io.slsdispatch.local.ledger.Reconciler;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** Compares the source with the targets. */
final class DeliveryCheck {

    private static final Duration LOOK_PERIOD = Duration.ofSeconds(2);

    private final SlsServer service;
    private final LetterBox letters;
    private final Timeline timeline;

    /** @param client reads the dead letters */
    DeliveryCheck(SlsServer service, SlsClient client, Timeline timeline) {
        this.service = service;
        this.letters = new LetterBox(client, new LogstoreId(Layout.PROJECT, Layout.DEAD));
        this.timeline = timeline;
    }

    /** Waits until every group is accounted for. Answers false when that takes longer than the limit. */
    boolean awaitComplete(Duration limit) throws Exception {
        Duration end = timeline.now().plus(limit);
        while (service.remote().lateWrites() > 0) {
            timeline.waitFor(LOOK_PERIOD);
        }
        Map<String, Long> expected = expected();
        while (timeline.now().compareTo(end) < 0) {
            if (mayBeComplete(expected) && reconciler().compare().lost() == 0) {
                return true;
            }
            timeline.waitFor(LOOK_PERIOD);
        }
        return false;
    }

    private Map<String, Long> expected() throws IOException {
        Map<String, Long> expected = new HashMap<>();
        for (Iterator<LedgerEntry> source = service.ledger(Layout.SOURCE).entries(); source.hasNext(); ) {
            Layout.targetsOf(source.next().topic()).forEach(target -> expected.merge(target, 1L, Long::sum));
        }
        return expected;
    }

    /** By counts alone, which cost little. */
    private boolean mayBeComplete(Map<String, Long> expected) throws IOException {
        long dead = service.remote().groups(Layout.DEAD);
        for (Map.Entry<String, Long> target : expected.entrySet()) {
            if (service.remote().groups(target.getKey()) + dead < target.getValue()) {
                return false;
            }
        }
        return true;
    }

    /** A comparison that is ready to begin. */
    Reconciler reconciler() {
        Reconciler reconciler = Reconciler.of(service.ledger(Layout.SOURCE), Layout::targetsOf);
        for (String target : Layout.TARGETS) {
            if (target.equals(Layout.AUDIT)) {
                reconciler.orderedTarget(target, service.ledger(target));
            } else {
                reconciler.target(target, service.ledger(target));
            }
        }
        Layout.TARGETS.forEach(target -> reconciler.deadLetters(letters.of(target), target));
        return reconciler;
    }
}
