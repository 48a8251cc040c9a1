package dev.watermill.spring.binding.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.watermill.broker.BrokerException;
import dev.watermill.spring.binding.internal.StreamSetting.Use;
import dev.watermill.spring.diagnostics.MillConfigurationException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.diagnostics.MillConfigurationException.UnboundStreamException;
import dev.watermill.spring.naming.internal.NearestName;
import dev.watermill.spring.naming.internal.RelaxedName;
import dev.watermill.spring.properties.MillProperties;
import dev.watermill.spring.properties.StreamProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import dev.watermill.spring.properties.internal.Alternatives;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * Finds where streams live, by the kinds of places there are.
 *
 * @since 0.1.0
 */
public final class StreamBindings {

	private static final String ROOT = "watermill.streams";

	private final WaterMillProperties properties;

	private final List<StreamKind> kinds;

	private final Environment environment;

	private final ForeignSettings foreign;

	private final DeadLetterBindings deadLetters;

	private final @Nullable StreamPlacement placement;

	/**
	 * Create an object that finds bindings.
	 * @param properties the settings
	 * @param kinds the kinds of places
	 * @param environment knows which sources the settings come from
	 * @param placement where all streams live instead, {@code null} if where the settings
	 * say
	 */
	public StreamBindings(WaterMillProperties properties, List<StreamKind> kinds, Environment environment,
			@Nullable StreamPlacement placement) {
		this.properties = properties;
		this.placement = placement;
		this.kinds = List.copyOf(kinds);
		this.environment = environment;
		this.foreign = new ForeignSettings(this.kinds);
		this.deadLetters = new DeadLetterBindings(this.kinds, environment);
	}

	/**
	 * Return these bindings with all streams elsewhere.
	 * @param other where they live
	 * @return other bindings
	 */
	public StreamBindings placedBy(StreamPlacement other) {
		return new StreamBindings(this.properties, this.kinds, this.environment, other);
	}

	/**
	 * Whether all streams live elsewhere than the settings say.
	 * @return {@code true} in tests that move them
	 */
	public boolean isPlaced() {
		return this.placement != null;
	}

	/**
	 * Find where a stream lives.
	 * @param stream the name of the stream
	 * @param mill the name of the mill that needs it
	 * @return the binding
	 * @throws MillConfigurationException if there is none, or more than one
	 */
	public StreamBinding get(String stream, String mill) {
		if (this.placement != null) {
			return this.placement.place(stream);
		}
		StreamProperties settings = this.properties.findStream(stream);
		if (settings == null) {
			throw unbound(stream, mill);
		}
		GivenSettings given = new GivenSettings(settings);
		this.foreign.checkKnown(stream, given);
		List<StreamBinding> bindings = new ArrayList<>();
		for (StreamKind kind : kinds(stream, given)) {
			String place = String.valueOf(given.get(kind.property())).trim();
			this.foreign.checkTaken(stream, kind, place, given);
			bindings.add(kind.bind(stream, place, settings));
		}
		if (bindings.isEmpty()) {
			throw unbound(stream, mill);
		}
		if (bindings.size() > 1) {
			throw new InvalidBindingException("The stream '" + stream + "' is bound to more than one place: "
					+ String.join(" and ", bindings.stream().map(StreamBinding::property).toList()) + " are set.",
					"Keep one of them under " + ROOT + "." + stream + ".");
		}
		return bindings.get(0);
	}

	/**
	 * Find where the dead letters of a stream go.
	 * @param stream the name of the stream
	 * @return the place, empty if none is named for this stream
	 * @throws MillConfigurationException if it can't be used
	 */
	public Optional<StreamBinding> deadLettersOf(String stream) {
		StreamProperties settings = this.properties.findStream(stream);
		return (settings != null && this.placement == null)
				? this.deadLetters.get(ROOT, this.properties.getStreams().keySet(), stream, settings.getDeadLetter())
				: Optional.empty();
	}

	/**
	 * Find where the dead letters of those streams of a mill go that have no place of
	 * their own for them.
	 * @param mill the name of the mill
	 * @param settings the settings of the mill
	 * @return the place, empty if none is named
	 * @throws MillConfigurationException if it can't be used
	 */
	public Optional<StreamBinding> deadLettersOf(String mill, MillProperties settings) {
		return (this.placement == null) ? this.deadLetters.get("watermill.mills", this.properties.getMills().keySet(),
				mill, settings.getDeadLetter()) : Optional.empty();
	}

	/**
	 * Name the property that says where a stream lives.
	 * @param stream the name of the stream
	 * @return the property in full, or what it would stand under if there is none
	 */
	public String property(String stream) {
		String prefix = ROOT + "." + stream;
		return kind(stream).map((kind) -> prefix + "." + kind.property()).orElse(prefix);
	}

	/**
	 * Explain why the place of a stream can't be used with its settings.
	 * @param stream the name of the stream
	 * @param problem what the broker says
	 * @return the explanation, empty if nobody has anything to add
	 */
	public Optional<MillConfigurationException> explain(String stream, BrokerException problem) {
		StreamProperties settings = this.properties.findStream(stream);
		return (settings != null && this.placement == null)
				? kind(stream).map((kind) -> kind.explain(stream, settings, problem)) : Optional.empty();
	}

	/**
	 * Refuse a time for which a lane may take to be handed over to another instance that
	 * is too long for the place of a stream that it reads.
	 * @param stream the name of the stream
	 * @param timeout how long it may take
	 * @param property the property that says so
	 * @throws MillConfigurationException if it is too long
	 */
	public void checkHandOver(String stream, Duration timeout, String property) {
		StreamProperties settings = this.properties.findStream(stream);
		if (settings != null && this.placement == null) {
			kind(stream).ifPresent((kind) -> kind.checkHandOver(stream, settings, timeout, property));
		}
	}

	/**
	 * Return those settings of a stream that mean nothing for it.
	 * @param stream the name of the stream
	 * @param use what the stream is used for, and nothing else
	 * @return the names of the settings
	 */
	public List<String> withoutEffect(String stream, Use use) {
		StreamProperties settings = this.properties.findStream(stream);
		if (settings == null) {
			return List.of();
		}
		Set<String> given = new GivenSettings(settings).names();
		return Stream
			.concat(StreamSetting.COMMON.stream(), kind(stream).stream().flatMap((kind) -> kind.settings().stream()))
			.filter((setting) -> setting.use() != use && setting.use() != Use.BOTH)
			.map(StreamSetting::name)
			.filter(given::contains)
			.sorted()
			.toList();
	}

	private Optional<StreamKind> kind(String stream) {
		StreamProperties settings = this.properties.findStream(stream);
		return (settings != null) ? kinds(stream, new GivenSettings(settings)).stream().findFirst() : Optional.empty();
	}

	/**
	 * Return the kinds that a stream is of: of several places that are set, the one of
	 * the highest property source counts, so that a profile or the command line moves a
	 * stream without having to unset where it was. Several in one source stay, to be
	 * refused.
	 */
	private List<StreamKind> kinds(String stream, GivenSettings given) {
		Set<String> places = this.kinds.stream()
			.map(StreamKind::property)
			.filter((property) -> given.get(property) != null)
			.collect(Collectors.toCollection(LinkedHashSet::new));
		Set<String> highest = (places.size() > 1) ? new Alternatives(ConfigurationPropertySources.get(this.environment))
			.highest(ROOT, key(stream), "", places) : places;
		return this.kinds.stream().filter((kind) -> highest.contains(kind.property())).toList();
	}

	/**
	 * Return the name under which the settings of a stream stand.
	 */
	private String key(String stream) {
		return this.properties.getStreams()
			.keySet()
			.stream()
			.filter((key) -> RelaxedName.of(key).equals(RelaxedName.of(stream)))
			.findFirst()
			.orElse(stream);
	}

	private UnboundStreamException unbound(String stream, String mill) {
		String prefix = ROOT + "." + stream;
		List<String> known = new ArrayList<>(this.properties.getStreams().keySet());
		known.removeIf((name) -> RelaxedName.of(name).equals(RelaxedName.of(stream)));
		String nearest = NearestName.of(stream, known)
			.map((name) -> "Did you mean '" + name + "'? Then correct " + ROOT + "." + name
					+ ", or name the stream with @FromStream or @ToStream. Otherwise set ")
			.orElse("Set ");
		List<String> places = this.kinds.stream()
			.map((kind) -> prefix + "." + kind.property() + " to " + kind.target())
			.toList();
		return new UnboundStreamException(
				"The stream '" + stream + "' of the mill '" + mill + "' is bound to no place.",
				nearest + String.join(", or ", places) + ".");
	}

}
