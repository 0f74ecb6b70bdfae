package io.slsdispatch.demo;

import io.slsdispatch.local.ledger.LogstoreLedger;
import io.slsdispatch.local.ledger.Reconciler;
import io.slsdispatch.local.ledger.Reconciliation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reconciles the demo's source with its targets by the ledgers of SLS Local, which are independent of the job. */
final class Comparison {

    private Comparison() {}

    static DemoReport of(SlsLocalProcess slsLocal, String source, List<Demo.Target> targets, int restarts)
            throws IOException {
        Map<String, LogstoreLedger> ledgers = new LinkedHashMap<>();
        for (Demo.Target target : targets) {
            ledgers.put(target.logstore(), slsLocal.remote().ledger(SlsLocalProcess.PROJECT, target.logstore()));
        }
        Reconciliation found = Reconciler.reconcile(
                slsLocal.remote().ledger(SlsLocalProcess.PROJECT, source),
                ledgers,
                topic -> logstoresOf(topic, targets));
        found.offenders().forEach(System.err::println);
        List<DemoReport.Target> rows = new ArrayList<>();
        for (Reconciliation.Target row : found.targets()) {
            rows.add(new DemoReport.Target(
                    row.name(),
                    topicsOf(row.name(), targets),
                    row.expected(),
                    row.arrived(),
                    row.bytes(),
                    row.lost(),
                    row.duplicated(),
                    row.misrouted(),
                    row.altered()));
        }
        return new DemoReport(
                found.groups(),
                found.lost(),
                found.duplicated(),
                found.misrouted(),
                found.altered(),
                found.unrouted(),
                restarts,
                rows);
    }

    private static Set<String> logstoresOf(String topic, List<Demo.Target> targets) {
        return targets.stream()
                .filter(target -> target.topic().equals(topic))
                .map(Demo.Target::logstore)
                .collect(Collectors.toSet());
    }

    private static List<String> topicsOf(String logstore, List<Demo.Target> targets) {
        return targets.stream()
                .filter(target -> target.logstore().equals(logstore))
                .map(Demo.Target::topic)
                .toList();
    }
}
