package dev.watermill.spring.mill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import dev.watermill.Mill;
import dev.watermill.engine.DeliveryErrorHandler;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.MillState;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.binding.internal.StreamBindings;
import dev.watermill.spring.binding.internal.StreamPlacement;
import dev.watermill.spring.diagnostics.MillConfigurationException.MillConflictException;
import dev.watermill.spring.mill.internal.MillWorkshop;
import dev.watermill.spring.naming.internal.RelaxedName;
import dev.watermill.spring.processor.internal.Processor;
import dev.watermill.spring.processor.internal.Processors;
import dev.watermill.spring.properties.WaterMillProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanNameAware;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The mills of an application, assembled once its beans exist, or when somebody asks for
 * them. No mill outlives this object, whoever started it. Thread-safe.
 */
final class MillRegistry implements Mills, MillWorkshop, SmartInitializingSingleton, BeanNameAware, DisposableBean {

	private final WaterMillProperties properties;

	private final StreamBindings bindings;

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<DeliveryErrorHandler> errorHandlers;

	private final ObjectProvider<MillCustomizer> customizers;

	private final StateEvents events;

	private final MillShutdown shutdown;

	private final StartGate gate = new StartGate();

	private final MillDependencies dependencies;

	private String beanName = "watermillMills";

	private volatile @Nullable Assembled assembled;

	private boolean assembling;

	private volatile BiConsumer<Mill, MillState> observer = (mill, state) -> {
	};

	/**
	 * Create a registry.
	 * @param properties the settings
	 * @param bindings where streams live
	 * @param beanFactory where the processors are
	 * @param errorHandlers those who decide what becomes of deliveries that fail
	 * @param customizers those who change mills before they are built
	 * @param events who publishes the states of mills
	 * @param stopTimeout how long functions may take to return when the application stops
	 */
	MillRegistry(WaterMillProperties properties, StreamBindings bindings, ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<DeliveryErrorHandler> errorHandlers, ObjectProvider<MillCustomizer> customizers,
			StateEvents events, Duration stopTimeout) {
		this.properties = properties;
		this.bindings = bindings;
		this.beanFactory = beanFactory;
		this.errorHandlers = errorHandlers;
		this.customizers = customizers;
		this.events = events;
		this.shutdown = new MillShutdown(stopTimeout, System::nanoTime);
		this.dependencies = new MillDependencies(beanFactory);
	}

	@Override
	public void setBeanName(String name) {
		this.beanName = name;
	}

	@Override
	public void afterSingletonsInstantiated() {
		assembled();
	}

	@Override
	public Collection<Mill> all() {
		return Collections.unmodifiableCollection(assembled().byName.values());
	}

	@Override
	public @Nullable Mill get(String name) {
		return assembled().byName.get(name);
	}

	MillNetwork network() {
		return assembled().network;
	}

	StartCheck startCheck() {
		return new StartCheck(network(), this.bindings);
	}

	/**
	 * Set who is notified when a mill's state has changed, on the thread that changed it.
	 */
	void observe(BiConsumer<Mill, MillState> newObserver) {
		this.observer = newObserver;
	}

	StartGate gate() {
		return this.gate;
	}

	/**
	 * See to it that whatever mills may use starts before a bean, and stops after it.
	 */
	void startBefore(String lifecycle) {
		this.dependencies.registerLifecycles(lifecycle, List.of(this.beanName));
	}

	/**
	 * Stop all mills and wait for them. Nobody can start one until the gate is open
	 * again.
	 */
	void stop() {
		this.gate.close("its application stops.");
		stopAll();
	}

	private void stopAll() {
		Assembled result = this.assembled;
		if (result != null) {
			this.shutdown.stop(result.byName.values());
		}
	}

	@Override
	public void destroy() {
		this.gate.closeForGood("its application closes.");
		stopAll();
	}

	private Assembled assembled() {
		Assembled result = this.assembled;
		return (result != null) ? result : assembleOnce();
	}

	private synchronized Assembled assembleOnce() {
		Assembled result = this.assembled;
		if (result != null) {
			return result;
		}
		if (this.assembling) {
			throw new IllegalStateException("A bean that the mills need asked for the mills while it was created. "
					+ "Let it ask when it is used, through an ObjectProvider<Mills>.");
		}
		this.assembling = true;
		try {
			result = assemble();
			this.assembled = result;
			return result;
		}
		finally {
			this.assembling = false;
		}
	}

	private Assembled assemble() {
		List<Processor> processors = new ArrayList<>(new Processors(this.beanFactory).find());
		processors.sort(Comparator.comparing(Processor::mill));
		checkNames(processors);
		UnusedSettings unused = new UnusedSettings(this.properties, this.bindings);
		if (!this.bindings.isPlaced()) {
			unused.checkMills(processors);
		}
		MillAssembler assembler = new MillAssembler(this.properties, this.bindings, this.beanFactory,
				this.errorHandlers.orderedStream().toList(), this.customizers.orderedStream().toList());
		Map<String, Mill> mills = new TreeMap<>();
		processors.forEach(
				(processor) -> mills.put(processor.mill(), assembler.assemble(processor, listener(processor.mill()))));
		if (!this.bindings.isPlaced()) {
			unused.checkStreams(mills.values());
		}
		processors.forEach((processor) -> this.dependencies.register(this.beanName, processor.beans()));
		this.dependencies.register(this.beanName,
				List.of(this.beanFactory.getBeanNamesForType(DeliveryErrorHandler.class)));
		return new Assembled(mills, new MillNetwork(List.copyOf(mills.values())));
	}

	@Override
	public List<Mill> make(ConfigurableListableBeanFactory beans, StreamPlacement placement, MillCustomizer last) {
		List<Processor> processors = new ArrayList<>(new Processors(beans).find());
		processors.sort(Comparator.comparing(Processor::mill));
		MillAssembler assembler = new MillAssembler(this.properties, this.bindings.placedBy(placement), beans,
				this.errorHandlers.orderedStream().toList(),
				Stream.concat(this.customizers.orderedStream(), Stream.of(last)).toList());
		return processors.stream().map((processor) -> assembler.assemble(processor, new MillListener() {
		})).toList();
	}

	private static void checkNames(List<Processor> processors) {
		Map<RelaxedName, Processor> names = new HashMap<>();
		for (Processor processor : processors) {
			Processor other = names.put(RelaxedName.of(processor.mill()), processor);
			if (other != null) {
				throw new MillConflictException(
						"There are two mills of the name '" + processor.mill() + "': of " + other.description()
								+ " and of " + processor.description() + ".",
						"Give one of them another name in @WaterMillProcessor(\"...\").");
			}
		}
	}

	private MillListener listener(String name) {
		return new MillListener() {

			@Override
			public void starting() {
				MillRegistry.this.gate.check(name);
			}

			@Override
			public void changed(MillState state) {
				Assembled result = MillRegistry.this.assembled;
				Mill mill = (result != null) ? result.byName.get(name) : null;
				if (mill != null) {
					MillRegistry.this.observer.accept(mill, state);
					MillRegistry.this.events.publish(mill, state);
				}
			}

		};
	}

	private record Assembled(Map<String, Mill> byName, MillNetwork network) {

	}

}
