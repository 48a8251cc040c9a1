package dev.watermill.spring.mill;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.engine.Output;
import dev.watermill.join.JoinNode;
import dev.watermill.spring.binding.internal.StreamBindings;
import dev.watermill.spring.binding.internal.StreamSetting.Use;
import dev.watermill.spring.naming.internal.NearestName;
import dev.watermill.spring.naming.internal.RelaxedName;
import dev.watermill.spring.processor.internal.Processor;
import dev.watermill.spring.properties.MillProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds settings that nothing uses, which may be mistakes, or for another application or
 * profile.
 */
final class UnusedSettings {

	private static final Logger logger = LoggerFactory.getLogger(UnusedSettings.class);

	private final WaterMillProperties properties;

	private final StreamBindings bindings;

	UnusedSettings(WaterMillProperties properties, StreamBindings bindings) {
		this.properties = properties;
		this.bindings = bindings;
	}

	/**
	 * Warn of settings for mills that do not exist: their processors may depend on a
	 * profile or a condition.
	 */
	void checkMills(List<Processor> processors) {
		List<String> mills = processors.stream().map(Processor::mill).toList();
		for (String name : this.properties.getMills().keySet()) {
			if (!contains(mills, name)) {
				logger.warn("No mill uses the settings under watermill.mills.{}: there is none of this name. {}", name,
						mills.isEmpty() ? "Its processor, a class or method with @WaterMillProcessor, is no bean here"
								: NearestName.question(name, mills) + "The mills are: " + String.join(", ", mills));
			}
		}
	}

	void checkStreams(Collection<Mill> mills) {
		List<String> used = mills.stream().flatMap(UnusedSettings::streams).distinct().toList();
		List<String> unused = this.properties.getStreams()
			.keySet()
			.stream()
			.filter((name) -> !contains(used, name))
			.toList();
		if (!unused.isEmpty()) {
			logger.warn("No mill uses these settings under watermill.streams: {}. The mills' streams are: {}",
					String.join(", ", unused), String.join(", ", used));
		}
		checkDirections(mills);
		checkDeadLetters(mills);
	}

	/**
	 * Warn of places for dead letters that nobody writes.
	 */
	private void checkDeadLetters(Collection<Mill> mills) {
		List<String> written = mills.stream().flatMap((mill) -> mill.deadLetters().keySet().stream()).toList();
		List<String> read = mills.stream().flatMap(UnusedSettings::inputs).toList();
		this.properties.getStreams().forEach((name, stream) -> {
			if (stream.getDeadLetter() != null && contains(read, name) && !contains(written, name)) {
				logger.warn("The property watermill.streams.{}.dead-letter has no effect: none of on-invalid, "
						+ "on-tombstone and on-disorder is dead-letter, nor on-error of a mill whose master it is",
						name);
			}
		});
		for (Mill mill : mills) {
			MillProperties settings = this.properties.findMill(mill.name());
			if (settings != null && settings.getDeadLetter() != null && mill.deadLetters().isEmpty()) {
				logger.warn(
						"The property watermill.mills.{}.dead-letter has no effect: neither on-error nor what its "
								+ "streams have of on-invalid, on-tombstone and on-disorder is dead-letter",
						mill.name());
			}
		}
	}

	private void checkDirections(Collection<Mill> mills) {
		List<String> read = mills.stream().flatMap(UnusedSettings::inputs).toList();
		List<String> written = mills.stream().flatMap(UnusedSettings::outputs).toList();
		for (String name : this.properties.getStreams().keySet()) {
			if (contains(read, name) && !contains(written, name)) {
				warn(name, Use.READING, "read");
			}
			if (contains(written, name) && !contains(read, name)) {
				warn(name, Use.WRITING, "written");
			}
		}
	}

	private void warn(String stream, Use use, String used) {
		for (String setting : this.bindings.withoutEffect(stream, use)) {
			logger.warn("The property watermill.streams.{}.{} has no effect: the stream is only {}", stream, setting,
					used);
		}
	}

	private static Stream<String> streams(Mill mill) {
		return Stream.concat(inputs(mill), outputs(mill));
	}

	private static Stream<String> inputs(Mill mill) {
		return mill.tree().nodes().stream().map(JoinNode::stream);
	}

	private static Stream<String> outputs(Mill mill) {
		return mill.outputs().stream().map(Output::stream);
	}

	private static boolean contains(List<String> names, String name) {
		return names.stream().map(RelaxedName::of).anyMatch(RelaxedName.of(name)::equals);
	}

}
