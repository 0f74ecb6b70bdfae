package io.slsdispatch.job.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.job.rules.Rule;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.rules.TextMatch;
import io.slsdispatch.job.template.AllowedNames;
import io.slsdispatch.job.template.KnownTargets;
import io.slsdispatch.job.template.LogstoreNames;
import io.slsdispatch.job.template.NameTemplate;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.metrics.testutils.MetricListener;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The dispatcher with targets by template. */
class TemplateDispatchTest {

    private final List<String> emitted = new ArrayList<>();
    private final MetricListener metrics = new MetricListener();
    private final DispatchMetrics counters = new DispatchMetrics(metrics.getMetricGroup(), () -> 1);

    private GroupDispatcher dispatcher(RuleTable rules, @Nullable DefaultRule whenInvalid) {
        LogstoreNames names = new LogstoreNames(
                NameTemplate.parse("{topic}-logs"),
                AllowedNames.of(List.of("app-*", "team-*", "all-*")),
                Map.of("all-logs", "the source"));
        KnownTargets targets = new KnownTargets(
                Set.of("by-app", "rest"), Map.of("by-app", new KnownTargets.Template(names, whenInvalid)));
        return new GroupDispatcher(rules, counters, TemplateOutput.all(targets, counters), TargetBlocks.none());
    }

    private static RuleTable rules(Rule... rules) {
        return new RuleTable(List.of(rules), new DefaultRule.To("by-app"), new DefaultRule.To("by-app"));
    }

    private static Rule outright(String topic, String logstore, boolean continues) {
        return new Rule(
                topic, TextMatch.exactly(topic), TextMatch.ANY, Map.of(), List.of("by-app"), continues, logstore);
    }

    private static RawLogGroup group(String topic) {
        byte[] text = topic.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[text.length + 2];
        bytes[0] = 0x1a;
        bytes[1] = (byte) text.length;
        System.arraycopy(text, 0, bytes, 2, text.length);
        return new RawLogGroup(bytes, 0, bytes.length, topic, 0, "MTIz", 0);
    }

    @SuppressWarnings("unchecked")
    private Output<StreamRecord<Void>> output() {
        return (Output<StreamRecord<Void>>) Proxy.newProxyInstance(
                Output.class.getClassLoader(), new Class<?>[] {Output.class}, (proxy, method, arguments) -> {
                    OutputTag<?> tag = (OutputTag<?>) arguments[0];
                    Object value = ((StreamRecord<?>) arguments[1]).getValue();
                    emitted.add(tag.getId() + ": "
                            + (value instanceof AddressedLogGroup group
                                    ? group.group().topic() + " -> "
                                            + (group.logstore() == null ? group.problem() : group.logstore())
                                    : ((RawLogGroup) value).topic()));
                    return null;
                });
    }

    private long count(String path) {
        return metrics.getCounter(path.split("\\.")).orElseThrow().getCount();
    }

    private void dispatch(GroupDispatcher dispatcher, String... topics) throws Exception {
        for (String topic : topics) {
            dispatcher.dispatch(new StreamRecord<>(group(topic)), output());
        }
    }

    @Test
    void groupsTravelWithTheNameOfTheirLogstore() throws Exception {
        GroupDispatcher dispatcher = dispatcher(rules(outright("billing", "team-billing-logs", false)), null);

        dispatch(dispatcher, "app-a", "App-A", "billing", "app-a");

        assertThat(emitted)
                .containsExactly(
                        "by-app: app-a -> app-a-logs",
                        "by-app: App-A -> app-a-logs",
                        "by-app: billing -> team-billing-logs",
                        "by-app: app-a -> app-a-logs");
        assertThat(count("sls.target.by-app.sharedLogstoreNames")).isEqualTo(1);
        assertThat(count("sls.rule.(unmatched).target.by-app.dispatchedGroups")).isEqualTo(3);
    }

    @Test
    void groupsWithoutANameGoToTheSinkWithTheProblem() throws Exception {
        GroupDispatcher dispatcher = dispatcher(rules(), null);

        dispatch(dispatcher, "", "db", "all");
        dispatcher.dispatch(new StreamRecord<>(group("app-x").asMalformed()), output());

        assertThat(emitted)
                .containsExactly(
                        "by-app:  -> the topic is empty",
                        "by-app: db -> the name 'db-logs' does not match 'allow' (app-*, team-*, all-*)",
                        "by-app: all -> the logstore 'all-logs' is the source",
                        "by-app: app-x -> the bytes of the log group cannot be parsed");
        assertThat(count("sls.target.by-app.withoutLogstoreGroups")).isEqualTo(4);
    }

    @Test
    void anotherTargetThatIsToReceiveThemDoesSoOnce() throws Exception {
        Rule both = new Rule("both", TextMatch.ANY, TextMatch.ANY, Map.of(), List.of("rest", "by-app"), false);

        dispatch(dispatcher(rules(both), new DefaultRule.To("rest")), "db", "app-a");
        dispatch(dispatcher(rules(), new DefaultRule.To("rest")), "db");
        counters.checkBalance();

        assertThat(emitted).containsExactly("rest: db", "rest: app-a", "by-app: app-a -> app-a-logs", "rest: db");
        assertThat(count("sls.rule.(unmatched).target.rest.dispatchedGroups")).isEqualTo(1);
        assertThat(metrics.<Long>getGauge("sls", "imbalance").orElseThrow().getValue())
                .isEqualTo(0L);
    }

    @Test
    void theJobFailsAtThemIfItIsTo() {
        assertThatExceptionOfType(GroupDispatcher.NoTargetException.class)
                .isThrownBy(() -> dispatch(dispatcher(rules(), new DefaultRule.Fail()), "db"))
                .withMessageContaining("the name 'db-logs' does not match 'allow'")
                .withMessageContaining("'when-invalid' is 'fail'");
        assertThat(emitted).isEmpty();
    }

    @Test
    void aLogstoreThatTwoRulesNameReceivesAGroupOnce() throws Exception {
        RuleTable table = rules(
                outright("app-a", "app-a-logs", true),
                outright("app-a", "team-a", true),
                Rule.ofTopic("rest", TextMatch.prefix("app-"), "by-app"));

        dispatch(dispatcher(table, null), "app-a");

        assertThat(emitted).containsExactly("by-app: app-a -> app-a-logs", "by-app: app-a -> team-a");
    }
}
