package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.record.AddressedLogGroupTypeInfo;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import io.slsdispatch.job.template.KnownTargets;
import io.slsdispatch.job.template.LogstoreNamer;
import io.slsdispatch.job.template.LogstoreNames.Name;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side output of a target by template: makes the name of each group's logstore, and counts and logs names that are
 * missing or shared. It outlives rules that are replaced, and so do the names that it remembers.
 */
final class TemplateOutput {

    private static final Logger LOG = LoggerFactory.getLogger(TemplateOutput.class);

    /** Maximum number of names and of shared names to remember; the service allows fewer logstores in a project. */
    private static final int REMEMBERED_NAMES = 10_000;

    /** Shared names beyond are only counted. */
    private static final int LOGGED_SHARED_NAMES = 100;

    private final String target;
    private final OutputTag<AddressedLogGroup> tag;
    private final KnownTargets.Template template;
    private final LogstoreNamer namer;
    private final DispatchMetrics.TemplateCounts counts;
    private int sharedNames;

    private TemplateOutput(String target, KnownTargets.Template template, DispatchMetrics.TemplateCounts counts) {
        this.target = target;
        this.tag = tagOf(target);
        this.template = template;
        this.counts = counts;
        this.namer = new LogstoreNamer(template.names(), REMEMBERED_NAMES, this::shared);
    }

    /** The outputs of all targets by template, by their names. */
    static Map<String, TemplateOutput> all(KnownTargets targets, DispatchMetrics metrics) {
        Map<String, TemplateOutput> outputs = new HashMap<>();
        targets.templates()
                .forEach((name, template) ->
                        outputs.put(name, new TemplateOutput(name, template, metrics.ofTemplate(name))));
        return outputs;
    }

    /** The tag of the target with this name. Its id is the name. */
    static OutputTag<AddressedLogGroup> tagOf(String target) {
        return new OutputTag<>(target, AddressedLogGroupTypeInfo.INSTANCE);
    }

    OutputTag<AddressedLogGroup> tag() {
        return tag;
    }

    /** What the dispatcher does with a group without a valid name; null when the sink decides. */
    @Nullable
    DefaultRule whenInvalid() {
        return template.whenInvalid();
    }

    /**
     * The group with the name of its logstore, or with the reason why it has none, which is counted.
     *
     * @param outright the logstore that the rule names; null when the template makes the name
     */
    AddressedLogGroup address(RawLogGroup group, @Nullable String outright) {
        Name name = outright == null ? namer.name(group) : template.names().ofOutright(outright);
        String logstore = name.logstore();
        if (logstore != null) {
            return AddressedLogGroup.to(logstore, group);
        }
        counts.withoutLogstore().add(group);
        return AddressedLogGroup.withProblem(Objects.requireNonNullElse(name.problem(), "there is no name"), group);
    }

    private void shared(String logstore, String first, String other) {
        counts.sharedNames().inc();
        sharedNames++;
        if (sharedNames <= LOGGED_SHARED_NAMES) {
            LOG.warn(
                    "Target '{}': '{}' and '{}' both make the name of logstore '{}', so their log groups share it."
                            + " To separate them, name a logstore for one of them in a rule.{}",
                    target,
                    ForeignText.visible(first),
                    ForeignText.visible(other),
                    logstore,
                    sharedNames == LOGGED_SHARED_NAMES
                            ? " Further such names are not logged; see metric sharedLogstoreNames"
                            : "");
        }
    }
}
