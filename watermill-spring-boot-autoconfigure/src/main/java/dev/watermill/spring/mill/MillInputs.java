package dev.watermill.spring.mill;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.JoinCondition;
import dev.watermill.MillBuilder;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.delivery.Input;
import dev.watermill.key.KeyFunction;
import dev.watermill.key.internal.KeyKind;
import dev.watermill.spring.binding.internal.StreamBinding;
import dev.watermill.spring.binding.internal.StreamBindings;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidJoinException;
import dev.watermill.spring.diagnostics.MillConfigurationException.UnknownStreamException;
import dev.watermill.spring.naming.internal.NearestName;
import dev.watermill.spring.naming.internal.RelaxedName;
import dev.watermill.spring.processor.internal.Processor;
import dev.watermill.spring.processor.internal.ProcessorStream;
import dev.watermill.spring.properties.JoinProperties;
import dev.watermill.spring.properties.MillProperties;
import dev.watermill.spring.properties.StreamProperties;
import dev.watermill.spring.properties.WaterMillProperties;
import org.jspecify.annotations.Nullable;

/**
 * Gives a mill the streams it reads.
 */
final class MillInputs {

	private final Processor processor;

	private final Map<String, JoinProperties> joins;

	private final String joinsPrefix;

	private final WaterMillProperties properties;

	private final StreamBindings bindings;

	MillInputs(Processor processor, MillProperties settings, WaterMillProperties properties, StreamBindings bindings) {
		this.processor = processor;
		this.joins = settings.getJoins();
		this.joinsPrefix = "watermill.mills." + processor.mill() + ".joins.";
		this.properties = properties;
		this.bindings = bindings;
	}

	/**
	 * Add the inputs.
	 * @return them, in the order of the processor's streams
	 */
	List<Input<?>> addTo(MillBuilder builder) {
		checkJoinNames();
		Map<String, Input<Object>> inputs = new LinkedHashMap<>();
		for (ProcessorStream stream : this.processor.streams()) {
			StreamProperties settings = this.properties.findStream(stream.name());
			SettingsCheck.ofStream(stream.name(), settings);
			Input<Object> input = add(builder, stream, inputs);
			inputs.put(stream.name(), input);
			if (settings != null) {
				input.onInvalid(settings.getOnInvalid().toPolicy());
				if (settings.getOnTombstone() != null) {
					input.onTombstone(settings.getOnTombstone().toPolicy());
				}
				input.onDisorder(settings.getOnDisorder().toPolicy());
				new StreamArrival(this.processor.mill(), stream).addTo(input, settings);
			}
		}
		return List.copyOf(inputs.values());
	}

	private Input<Object> add(MillBuilder builder, ProcessorStream stream, Map<String, Input<Object>> inputs) {
		StreamBinding binding = this.bindings.get(stream.name(), this.processor.mill());
		StreamDefinition<Object> definition = new StreamDefinition<>(stream.name(), stream.type().getType(),
				binding.settings());
		Input<Object> parent = inputs.get(stream.parent());
		try {
			if (parent == null) {
				return builder.from(definition, binding.broker());
			}
			KeyFunction<Object> left = left(stream);
			KeyFunction<Object> right = right(stream);
			checkComparable(stream, left, right);
			JoinCondition<Object, Object>.Matches matches = builder.join(parent, definition, binding.broker())
				.on(left, right);
			return new StreamJoin(this.processor.mill(), parent(stream), stream, settings(stream), this.joinsPrefix)
				.of(matches);
		}
		catch (BrokerException ex) {
			throw new InvalidBindingException(
					"The mill '" + this.processor.mill() + "' can't read its stream '" + stream.name() + "'. "
							+ ex.getMessage(),
					"Correct watermill.streams." + stream.name() + "." + binding.property() + ".", ex);
		}
	}

	private void checkJoinNames() {
		List<String> known = this.processor.streams().stream().skip(1).map(ProcessorStream::name).toList();
		for (String name : this.joins.keySet()) {
			if (known.stream().noneMatch((stream) -> RelaxedName.of(stream).equals(RelaxedName.of(name)))) {
				throw new UnknownStreamException(
						"The property " + this.joinsPrefix + name + " names a stream that the mill does not join.",
						known.isEmpty() ? "Remove it: the mill joins no streams."
								: NearestName.question(name, known) + "It joins: " + String.join(", ", known) + ".");
			}
		}
	}

	private KeyFunction<Object> left(ProcessorStream stream) {
		JoinProperties settings = settings(stream);
		return key((settings != null) ? settings.getLeft() : null, stream.left(), stream, parent(stream), "left");
	}

	private ProcessorStream parent(ProcessorStream stream) {
		return this.processor.streams()
			.stream()
			.filter((other) -> other.name().equals(stream.parent()))
			.findFirst()
			.orElseThrow();
	}

	private KeyFunction<Object> right(ProcessorStream stream) {
		JoinProperties settings = settings(stream);
		return key((settings != null) ? settings.getRight() : null, stream.right(), stream, stream, "right");
	}

	private KeyFunction<Object> key(@Nullable String configured, String annotated, ProcessorStream joined,
			ProcessorStream stream, String side) {
		KeyExpression expression = (configured != null)
				? new KeyExpression(configured, this.joinsPrefix + joined.name() + "." + side)
				: new KeyExpression(annotated, "@JoinOn on the argument of " + this.processor.description());
		if (expression.text().isEmpty()) {
			throw new InvalidJoinException(
					"There is no join condition between the streams '" + joined.parent() + "' and '" + joined.name()
							+ "' of the mill '" + this.processor.mill() + "': the " + side + " key is missing.",
					"Put @JoinOn(left = \"...\", right = \"...\") on the argument of " + this.processor.description()
							+ ", or set " + this.joinsPrefix + joined.name() + ".left and .right.");
		}
		return expression.compile(stream.type(), "The " + side + " key of the join of '" + joined.name() + "' to '"
				+ joined.parent() + "' in the mill '" + this.processor.mill() + "'");
	}

	private void checkComparable(ProcessorStream stream, KeyFunction<?> left, KeyFunction<?> right) {
		KeyKind leftKind = KeyKind.ofType(left.type());
		KeyKind rightKind = KeyKind.ofType(right.type());
		if (!leftKind.isOrdered() || !rightKind.isOrdered() || !leftKind.comparesWith(rightKind)) {
			throw new InvalidJoinException(
					"The streams '" + stream.parent() + "' and '" + stream.name() + "' of the mill '"
							+ this.processor.mill() + "' can't be joined: the left key '" + left.description() + "' is "
							+ leftKind + ", and the right key '" + right.description() + "' is " + rightKind + ".",
					"Choose keys of one kind that has an order in @JoinOn, or under " + this.joinsPrefix + stream.name()
							+ ".");
		}
	}

	private @Nullable JoinProperties settings(ProcessorStream stream) {
		return this.joins.entrySet()
			.stream()
			.filter((entry) -> RelaxedName.of(entry.getKey()).equals(RelaxedName.of(stream.name())))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

}
