package io.slsdispatch.job.probe;

import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.output.TextTable;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a probe has seen. Contains codes, statuses and fixed texts: no names, no messages of the service, no secrets. */
public final class Findings {

    private static final String NOT_PROBED = "not probed: ";

    private final Map<Assumption, String> seen = new EnumMap<>(Assumption.class);
    private final Set<Assumption> open = EnumSet.noneOf(Assumption.class);

    /** A question about some assumptions. */
    @FunctionalInterface
    interface Question {
        void ask() throws NotProbedException, StoppedException, InterruptedException;
    }

    /** Starts with the assumptions that will be asked about, which are open, and those that cannot be. */
    Findings(boolean writes) {
        for (Assumption each : Assumption.values()) {
            switch (each.scope()) {
                case READ -> open.add(each);
                case SCRATCH, READ_BACK -> {
                    if (writes) {
                        open.add(each);
                    }
                }
                case UNKNOWN -> seen.put(each, "unknown");
            }
        }
    }

    /** Records an answer; the first one counts. */
    void saw(Assumption assumption, String answer) {
        if (open.remove(assumption)) {
            seen.put(assumption, answer);
        }
    }

    /** Asks; what stays open of these assumptions for a reason is not probed. */
    void ask(List<Assumption> about, Question question) throws StoppedException, InterruptedException {
        try {
            question.ask();
        } catch (NotProbedException e) {
            about.forEach(each -> saw(each, NOT_PROBED + e.reason()));
        }
    }

    /** Ends the probe: what is open is not probed. */
    void end(String reason) {
        for (Assumption each : List.copyOf(open)) {
            saw(each, NOT_PROBED + reason);
        }
    }

    /** Whether a question was neither answered nor found to be impossible. */
    boolean isOpen(Assumption assumption) {
        return open.contains(assumption);
    }

    /** The answer to a question that was asked; null before. */
    @Nullable
    String answer(Assumption assumption) {
        return seen.get(assumption);
    }

    /** Whether every question was answered as assumed. What cannot be probed does not count. */
    public boolean isAsAssumed() {
        return open.isEmpty() && seen.keySet().stream().noneMatch(this::differs);
    }

    private boolean differs(Assumption each) {
        return each.scope() != Assumption.Scope.UNKNOWN && !each.assumed().equals(seen.get(each));
    }

    /** The names of the assumptions with another answer, or with none. */
    public List<String> differing() {
        return seen.keySet().stream().filter(this::differs).map(Assumption::id).toList();
    }

    /** One object for programs. */
    public Map<String, @Nullable Object> json() {
        return Json.object(
                "assumptions",
                seen.entrySet().stream()
                        .map(each -> Json.object(
                                "name",
                                each.getKey().id(),
                                "assumed",
                                each.getKey().assumed(),
                                "seen",
                                each.getValue(),
                                "then",
                                each.getKey().then()))
                        .toList());
    }

    /** The table for a terminal. */
    public String text() {
        TextTable table = new TextTable("", "NAME", "ASSUMED", "SEEN", "THEN");
        seen.forEach((each, answer) -> table.add(
                answer.startsWith(NOT_PROBED)
                        ? "NOT PROBED"
                        : differs(each) ? "DIFFERS" : each.scope() == Assumption.Scope.UNKNOWN ? "unknown" : "ok",
                each.id(),
                each.assumed(),
                answer.startsWith(NOT_PROBED) ? answer.substring(NOT_PROBED.length()) : answer,
                each.then()));
        return table.text("  ");
    }
}
