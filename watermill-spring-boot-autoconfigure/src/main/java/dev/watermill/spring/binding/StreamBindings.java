package dev.watermill.spring.binding;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.watermill.broker.BrokerException;
import dev.watermill.spring.diagnostics.MillConfigurationException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.diagnostics.MillConfigurationException.UnboundStreamException;
import dev.watermill.spring.naming.NearestName;
import dev.watermill.spring.naming.RelaxedName;
import dev.watermill.spring.properties.StreamProperties;
import dev.watermill.spring.properties.WaterMillProperties;

import org.springframework.util.StringUtils;

/**
 * Finds where streams live.
 *
 * @since 0.1.0
 */
public final class StreamBindings {

	private final WaterMillProperties properties;

	private final List<BindingResolver> resolvers;

	/**
	 * Create an object that finds bindings.
	 * @param properties the settings
	 * @param resolvers those who know the kinds of places
	 */
	public StreamBindings(WaterMillProperties properties, List<BindingResolver> resolvers) {
		this.properties = properties;
		this.resolvers = List.copyOf(resolvers);
	}

	/**
	 * Find where a stream lives.
	 * @param stream the name of the stream
	 * @param mill the name of the mill that needs it
	 * @return the binding
	 * @throws dev.watermill.spring.diagnostics.MillConfigurationException if there is
	 * none, or more than one
	 */
	public StreamBinding get(String stream, String mill) {
		List<StreamBinding> bindings = resolve(stream);
		checkTopic(stream, bindings);
		if (bindings.isEmpty()) {
			throw unbound(stream, mill);
		}
		if (bindings.size() > 1) {
			throw new InvalidBindingException("The stream '" + stream + "' is bound to more than one place: "
					+ String.join(" and ", bindings.stream().map(StreamBinding::property).toList()) + " are set.",
					"Keep one of them under watermill.streams." + stream + ".");
		}
		return bindings.get(0);
	}

	/**
	 * Name the property that says where a stream lives.
	 * @param stream the name of the stream
	 * @return the property in full, or what it would stand under if there is none
	 */
	public String property(String stream) {
		String prefix = "watermill.streams." + stream;
		return resolve(stream).stream().findFirst().map((binding) -> prefix + "." + binding.property()).orElse(prefix);
	}

	/**
	 * Explain why the place of a stream can't be used with its settings.
	 * @param stream the name of the stream
	 * @param problem what the broker says
	 * @return the explanation, empty if nobody has anything to add
	 */
	public Optional<MillConfigurationException> explain(String stream, BrokerException problem) {
		StreamProperties settings = this.properties.findStream(stream);
		return (settings != null) ? this.resolvers.stream()
			.map((resolver) -> resolver.explain(stream, settings, problem))
			.filter(Objects::nonNull)
			.map(MillConfigurationException.class::cast)
			.findFirst() : Optional.empty();
	}

	private List<StreamBinding> resolve(String stream) {
		StreamProperties settings = this.properties.findStream(stream);
		return (settings != null) ? this.resolvers.stream()
			.map((resolver) -> resolver.resolve(stream, settings))
			.filter(Objects::nonNull)
			.map(StreamBinding.class::cast)
			.toList() : List.of();
	}

	/**
	 * A topic that nobody knows must not be passed over in favour of another place.
	 */
	private void checkTopic(String stream, List<StreamBinding> bindings) {
		StreamProperties settings = this.properties.findStream(stream);
		if (settings != null && StringUtils.hasText(settings.getTopic())
				&& bindings.stream().noneMatch((binding) -> binding.property().equals("topic"))) {
			throw new InvalidBindingException(
					"The stream '" + stream + "' is bound to the topic " + settings.getTopic()
							+ ", but the application has no Kafka.",
					"Add the dependency org.springframework.boot:spring-boot-starter-kafka, or replace watermill.streams."
							+ stream + ".topic by .file or .broker.");
		}
	}

	private UnboundStreamException unbound(String stream, String mill) {
		String prefix = "watermill.streams." + stream;
		List<String> known = new ArrayList<>(this.properties.getStreams().keySet());
		known.removeIf((name) -> RelaxedName.of(name).equals(RelaxedName.of(stream)));
		String nearest = NearestName.of(stream, known)
			.map((name) -> "Did you mean '" + name + "'? Then correct watermill.streams." + name
					+ ", or name the stream with @FromStream or @ToStream. Otherwise set ")
			.orElse("Set ");
		return new UnboundStreamException(
				"The stream '" + stream + "' of the mill '" + mill + "' is bound to no place.",
				nearest + prefix + ".file to a file of JSON, " + prefix + ".topic to a Kafka topic, or " + prefix
						+ ".broker to the name of a Broker bean.");
	}

}
