package io.slsdispatch.job.config;

import io.slsdispatch.connector.config.Backoff;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.config.Endpoint;
import io.slsdispatch.connector.config.LogstoreScope;
import io.slsdispatch.connector.config.RetryPolicy;
import io.slsdispatch.connector.config.SinkConfig;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore.OnRefusal;
import io.slsdispatch.connector.config.SinkConfig.Delivery;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.config.SinkConfig.Outage;
import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.config.JobConfig.Target;
import io.slsdispatch.job.config.ValueType.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sections {@code targets} and {@code defaults}. What a target does not say it takes from the defaults, and of
 * its connection what these do not say from the source; but a target with an endpoint of its own takes only project and
 * credentials from there, since region, proxy and the like belong to the endpoint.
 */
final class TargetsReader {

    static final List<Option<?>> SHARED = Option.all(ConnectionOptions.ALL, TargetOptions.SHARED);
    static final List<Option<?>> ALL =
            Option.all(List.of(TargetOptions.NAME, SourceOptions.LOGSTORE, TargetOptions.DISTINCT_LOGSTORE), SHARED);

    /** A logstore that has a part already, and where it is named. */
    private record Taken(LogstoreId logstore, LogstoreScope scope, Place place) {

        boolean isSameAs(Taken other) {
            return logstore.equals(other.logstore) && scope.isOneWith(other.scope);
        }
    }

    static final String ONE_LOGSTORE = "Equal project and logstore mean one logstore, whatever the address, unless both"
            + " regions are known and differ.";

    static final String TWO_LOGSTORES =
            "If they are two, give the 'region' of both, or write 'distinct-logstore: true' at" + " the target.";

    private final Reading reading;
    private final Mistakes mistakes;
    private final Values source;
    private final Map<String, Place> names = new LinkedHashMap<>();
    private final List<Taken> taken = new ArrayList<>();

    TargetsReader(Reading reading, Values source) {
        this.reading = reading;
        this.mistakes = reading.mistakes();
        this.source = source;
    }

    /** The targets that could be built. */
    List<Target> targets(@Nullable ConfigNode defaultsSection, List<ConfigNode> sections) {
        Values defaults = defaultsSection == null
                ? Values.at(new Place("defaults", ""))
                : Section.read(defaultsSection, SHARED, reading);
        List<Target> targets = new ArrayList<>();
        for (ConfigNode section : sections) {
            Target target = target(Section.read(section, ALL, reading), defaults);
            if (target != null) {
                targets.add(target);
            }
        }
        return targets;
    }

    /** The names of all targets, those that could not be built included. */
    Set<String> names() {
        return new LinkedHashSet<>(names.keySet());
    }

    private @Nullable Target target(Values own, Values defaults) {
        Values values = own.inheriting(defaults);
        boolean ownEndpoint = values.has(ConnectionOptions.ENDPOINT);
        values = values.inheriting(source.only(
                ownEndpoint
                        ? List.of(ConnectionOptions.PROJECT, ConnectionOptions.CREDENTIALS)
                        : ConnectionOptions.ALL));
        Section.require(values, List.of(SourceOptions.LOGSTORE), mistakes);
        takeName(values);
        takeLogstore(values);
        if (own.has(TargetOptions.DEAD_LETTER_LOGSTORE) && !hasDeadLetters(values)) {
            mistakes.add(
                    own.placeOf(TargetOptions.DEAD_LETTER_LOGSTORE),
                    "It holds only with 'on-reject: dead-letter' or 'on-outage: dead-letter'.",
                    "Write one of these too, or take this out.");
        }
        return build(values);
    }

    private void takeName(Values values) {
        Option<String> option = values.has(TargetOptions.NAME) ? TargetOptions.NAME : SourceOptions.LOGSTORE;
        String name = values.find(option);
        if (name == null) {
            return;
        }
        if (TargetOptions.isReserved(name)) {
            mistakes.add(
                    values.placeOf(option),
                    name,
                    "Without a name the target is called as its logstore, and '" + name + "' means something else.",
                    "Give it a 'name'.");
            return;
        }
        Place first = names.putIfAbsent(name, values.placeOf(option));
        if (first != null) {
            mistakes.add(
                    values.placeOf(option),
                    name,
                    "Another target has this name, at " + first.where() + ".",
                    "Give each target a name of its own.");
        }
    }

    private void takeLogstore(Values values) {
        String project = values.find(ConnectionOptions.PROJECT);
        String logstore = values.find(SourceOptions.LOGSTORE);
        if (project == null || logstore == null) {
            return;
        }
        LogstoreId id = new LogstoreId(project, logstore);
        LogstoreScope scope = scope(values);
        if (scope == null) {
            return;
        }
        Taken target = new Taken(id, scope, values.placeOf(SourceOptions.LOGSTORE));
        refuseSource(target, "The target is the source: what is written would be read again, without end.");
        taken.stream().filter(target::isSameAs).findFirst().ifPresent(first -> {
            String problem = "Another target is this logstore, at " + first.place.where() + ".";
            refuse(target, first, problem, "Keep one of them; several rules may name it.");
        });
        taken.add(target);

        String deadLetter = values.find(TargetOptions.DEAD_LETTER_LOGSTORE);
        if (deadLetter != null) {
            refuseSource(
                    new Taken(
                            deadLetterId(values, deadLetter, id),
                            scope,
                            values.placeOf(TargetOptions.DEAD_LETTER_LOGSTORE)),
                    "The dead-letter logstore is the source: what is written would be read again, without end.");
        }
    }

    private void refuseSource(Taken target, String problem) {
        String project = source.find(ConnectionOptions.PROJECT);
        String logstore = source.find(SourceOptions.LOGSTORE);
        LogstoreScope scope = scope(source);
        if (project != null && logstore != null && scope != null) {
            Taken read = new Taken(new LogstoreId(project, logstore), scope, source.place());
            if (target.isSameAs(read)) {
                refuse(target, read, problem, "Choose another logstore.");
            }
        }
    }

    private void refuse(Taken target, Taken other, String problem, String cure) {
        boolean mayBeTwo = target.scope.mayBeSaidToBeDistinctFrom(other.scope);
        mistakes.add(
                target.place,
                target.logstore.toString(),
                problem + (mayBeTwo ? " " + ONE_LOGSTORE : ""),
                cure + (mayBeTwo ? " " + TWO_LOGSTORES : ""));
    }

    /** Null when the endpoint is missing or wrong. */
    static @Nullable LogstoreScope scope(Values values) {
        Endpoint endpoint = values.find(ConnectionOptions.ENDPOINT);
        boolean isDistinct = Boolean.TRUE.equals(values.find(TargetOptions.DISTINCT_LOGSTORE));
        return endpoint == null ? null : LogstoreScope.of(endpoint, values.find(ConnectionOptions.REGION), isDistinct);
    }

    private static LogstoreId deadLetterId(Values values, String logstore, LogstoreId target) {
        String project = values.find(TargetOptions.DEAD_LETTER_PROJECT);
        return new LogstoreId(project == null ? target.project() : project, logstore);
    }

    private @Nullable Target build(Values values) {
        RetryPolicy retry = Build.of(
                values.placeOf(TargetOptions.RETRY_MAX_BACKOFF),
                mistakes,
                () -> new RetryPolicy(
                        new Backoff(
                                values.get(TargetOptions.RETRY_INITIAL_BACKOFF),
                                values.get(TargetOptions.RETRY_MAX_BACKOFF)),
                        values.get(TargetOptions.RETRY_GIVE_UP_AFTER).orElse(null),
                        values.get(TargetOptions.RETRY_GRACE)));
        RetryPolicy retryWithCodes =
                Build.of(values.placeOf(TargetOptions.RETRY_CODES_ABOUT_REQUEST), mistakes, () -> Build.need(retry)
                        .withCodes(
                                codes(values, TargetOptions.RETRY_CODES_ABOUT_GROUP),
                                codes(values, TargetOptions.RETRY_CODES_ABOUT_REQUEST)));
        ConnectionConfig connection =
                Build.of(values.place(), mistakes, () -> new ConnectionReader(mistakes).connection(values));
        return Build.of(values.place(), mistakes, () -> {
            LogstoreId logstore =
                    new LogstoreId(values.get(ConnectionOptions.PROJECT), values.get(SourceOptions.LOGSTORE));
            String name = values.getOrNull(TargetOptions.NAME);
            Delivery delivery = new Delivery(
                    values.get(TargetOptions.ORDERED),
                    values.get(TargetOptions.BATCHING),
                    values.get(TargetOptions.CUT_CATEGORY),
                    values.get(TargetOptions.MAX_IN_FLIGHT_REQUESTS),
                    values.get(TargetOptions.MAX_BUFFERED));
            SinkConfig sink = SinkConfig.builder(name == null ? logstore.logstore() : name, logstore)
                    .scope(Build.need(scope(values)))
                    .delivery(delivery)
                    .retry(Build.need(retryWithCodes))
                    .onReject(values.get(TargetOptions.ON_REJECT))
                    .outage(new Outage(values.get(TargetOptions.ON_OUTAGE), values.get(TargetOptions.OUTAGE_AFTER)))
                    .deadLetters(deadLetters(values, logstore))
                    .build();
            return new Target(Build.need(connection), sink);
        });
    }

    private static List<String> codes(Values values, Option<List<String>> option) {
        List<String> codes = values.getOrNull(option);
        return codes == null ? List.of() : codes;
    }

    private static boolean hasDeadLetters(Values values) {
        return values.find(TargetOptions.ON_REJECT) == OnReject.DEAD_LETTER
                || values.find(TargetOptions.ON_OUTAGE) == OnOutage.DEAD_LETTER;
    }

    private @Nullable DeadLetterStore deadLetters(Values values, LogstoreId target) {
        String deadLetter = values.getOrNull(TargetOptions.DEAD_LETTER_LOGSTORE);
        OnRefusal onRefusal = values.get(TargetOptions.DEAD_LETTER_ON_REFUSAL);
        if (!hasDeadLetters(values)) {
            return null;
        }
        if (deadLetter == null) {
            boolean rejects = values.find(TargetOptions.ON_REJECT) == OnReject.DEAD_LETTER;
            mistakes.add(
                    values.placeOf(rejects ? TargetOptions.ON_REJECT : TargetOptions.ON_OUTAGE),
                    "It is not said which logstore takes them.",
                    "Give 'dead-letter: {logstore: NAME}'.");
            throw new Values.UnusableException(TargetOptions.DEAD_LETTER_LOGSTORE.key());
        }
        return new DeadLetterStore(deadLetterId(values, deadLetter, target), onRefusal);
    }
}
