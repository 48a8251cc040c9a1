package dev.watermill.spring.processor.internal;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import dev.watermill.delivery.Delivery;
import dev.watermill.delivery.DeliveryFunction;
import dev.watermill.delivery.Input;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * What a method asks for: streams, beans and a context.
 */
final class Signature {

	private final ProcessorSource source;

	private final List<Argument> arguments;

	private final StreamArguments streams;

	private final JoinOrder order;

	/** The names of the beans that are known to be used. */
	private final Set<String> beans = new LinkedHashSet<>();

	Signature(ProcessorSource source) {
		this.source = source;
		this.arguments = source.arguments();
		this.streams = new StreamArguments(source, this.arguments);
		this.order = new JoinOrder(source, this.streams);
	}

	/**
	 * Return the processor.
	 * @param bean the bean, or its proxy
	 * @param invocable the method to call on it
	 */
	Processor toProcessor(Object bean, Method invocable) {
		ProcessorResults results = new ReturnType(this.source).read();
		List<Function<List<Input<?>>, @Nullable Object>> values = new ArrayList<>();
		this.arguments.forEach((argument) -> values.add(value(argument)));
		this.beans.add(this.source.beanName());
		return new Processor(this.source.mill(), this.source.description(), this.order.streams(), window(), results,
				(inputs) -> function(inputs, bean, invocable, values), this.beans);
	}

	/**
	 * Return the types of the elements and of the results.
	 */
	Set<ResolvableType> types() {
		Set<ResolvableType> types = new LinkedHashSet<>();
		types.add(this.streams.master().element());
		this.streams.joined().forEach((stream) -> types.add(stream.element()));
		ProcessorResults results = new ReturnType(this.source).read();
		if (results.exist()) {
			types.add(results.type());
			results.outputs().forEach((output) -> types.add(output.type()));
		}
		return types;
	}

	private @Nullable ProcessorWindow window() {
		if (!this.streams.isWindowed()) {
			return null;
		}
		ProcessorWindow window = this.streams.master().argument().window();
		return (window != null) ? window : ProcessorWindow.NONE;
	}

	/**
	 * Return what makes the value for an argument: a reader or a bean.
	 */
	private Function<List<Input<?>>, @Nullable Object> value(Argument argument) {
		if (argument.isContext()) {
			ArgumentReader context = Delivery::context;
			return (inputs) -> context;
		}
		Optional<StreamArgument> stream = this.streams.of(argument);
		if (stream.isEmpty()) {
			Object bean = BeanArgument.resolve(this.source, argument, this.beans);
			return (inputs) -> bean;
		}
		if (stream.get() == this.streams.master()) {
			return (inputs) -> ArgumentReader.master(stream.get().form(), inputs.get(0));
		}
		List<Integer> nodes = stream.get().names().stream().map(this.order::node).toList();
		return (inputs) -> ArgumentReader.joined(stream.get().form(),
				nodes.stream().<Input<?>>map(inputs::get).toList());
	}

	private DeliveryFunction<?> function(List<Input<?>> inputs, Object bean, Method invocable,
			List<Function<List<Input<?>>, @Nullable Object>> values) {
		List<@Nullable Object> resolved = new ArrayList<>();
		values.forEach((value) -> resolved.add(value.apply(inputs)));
		try {
			return Invocation.of(bean, invocable, resolved);
		}
		catch (IllegalAccessException ex) {
			throw this.source.refuse("can't be called: " + ex.getMessage(),
					"Open its package to WaterMill, or make class and method public.");
		}
	}

}
