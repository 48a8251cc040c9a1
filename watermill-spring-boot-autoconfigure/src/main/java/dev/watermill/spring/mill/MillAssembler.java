package dev.watermill.spring.mill;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.watermill.Mill;
import dev.watermill.MillBuilder;
import dev.watermill.MissingFactException;
import dev.watermill.StreamConflictException;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StartFrom;
import dev.watermill.delivery.DeliveryFunction;
import dev.watermill.delivery.Input;
import dev.watermill.engine.DeliveryErrorHandler;
import dev.watermill.engine.MillListener;
import dev.watermill.engine.RestartPolicy;
import dev.watermill.engine.RetryPolicy;
import dev.watermill.spring.MillCustomizer;
import dev.watermill.spring.binding.internal.StreamBindings;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidKeyExpressionException;
import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidMillException;
import dev.watermill.spring.diagnostics.MillConfigurationException.MillConflictException;
import dev.watermill.spring.processor.internal.Processor;
import dev.watermill.spring.properties.MillProperties;
import dev.watermill.spring.properties.RestartProperties;
import dev.watermill.spring.properties.RetryProperties;
import dev.watermill.spring.properties.WaterMillProperties;

import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Makes mills of processors and settings.
 */
final class MillAssembler {

	private final WaterMillProperties properties;

	private final StreamBindings bindings;

	private final ListableBeanFactory beanFactory;

	private final List<DeliveryErrorHandler> errorHandlers;

	private final List<MillCustomizer> customizers;

	MillAssembler(WaterMillProperties properties, StreamBindings bindings, ListableBeanFactory beanFactory,
			List<DeliveryErrorHandler> errorHandlers, List<MillCustomizer> customizers) {
		this.properties = properties;
		this.bindings = bindings;
		this.beanFactory = beanFactory;
		this.errorHandlers = errorHandlers;
		this.customizers = customizers;
	}

	/**
	 * Assemble a mill.
	 * @param processor the processor
	 * @param listener is notified of the mill's states
	 * @return the mill, not started
	 */
	Mill assemble(Processor processor, MillListener listener) {
		MillProperties settings = this.properties.findMill(processor.mill());
		if (settings == null) {
			settings = new MillProperties();
		}
		MillBuilder builder = Mill.builder(processor.mill());
		SettingsCheck.ofMill(processor, settings);
		List<Input<?>> inputs = new MillInputs(processor, settings, this.properties, this.bindings).addTo(builder);
		new MillDeadLetters(processor, settings, this.properties, this.bindings).addTo(builder);
		new MillWindow(processor, settings.getWindow(), this.beanFactory).addTo(builder);
		function(builder, processor, processor.function().apply(inputs));
		new MillOutputs(processor, settings, this.properties, this.bindings).addTo(builder);
		limits(builder, settings);
		bounds(builder, settings);
		this.errorHandlers.forEach(builder::errorHandler);
		builder.listener(listener);
		Mill mill = build(builder);
		if (!this.bindings.isPlaced()) {
			SettingsCheck.ofBatch(mill, settings);
		}
		SettingsVerification verification = new SettingsVerification(this.bindings);
		verification.verifyHandOver(mill, settings.getHandOverTimeout());
		verification.verify(mill);
		return mill;
	}

	@SuppressWarnings("unchecked")
	private static void function(MillBuilder builder, Processor processor, DeliveryFunction<?> function) {
		if (processor.results().asynchronous()) {
			builder.functionLater(processor.results().shape(),
					(DeliveryFunction<? extends CompletionStage<?>>) function);
		}
		else {
			builder.function(processor.results().shape(), function);
		}
	}

	private void limits(MillBuilder builder, MillProperties settings) {
		builder.stateDirectory(this.properties.getStateDir())
			.fsync(this.properties.getFiles().isFsync())
			.pollTimeout(settings.getPollTimeout())
			.commitInterval(settings.getCommitInterval())
			.concurrency(settings.getConcurrency())
			.handOverTimeout(settings.getHandOverTimeout())
			.maxGroupSize(settings.getMaxGroupSize())
			.maxWindowSize(settings.getMaxWindowSize())
			.idle(settings.getIdle())
			.deliveryTimeout(settings.getDeliveryTimeout())
			.retry(retry(settings.getRetry()))
			.restart(restart(settings.getRestart()))
			.onError(settings.getOnError().toPolicy());
		if (settings.hasMaxInFlight()) {
			builder.maxInFlight(settings.getMaxInFlight());
		}
	}

	private static RetryPolicy retry(RetryProperties retry) {
		return new RetryPolicy(retry.getMaxRetries(), retry.getDelay(), retry.getMultiplier(), retry.getMaxDelay(),
				retry.getJitter(), retry.getExceptionIncludes(), retry.getExceptionExcludes());
	}

	private static RestartPolicy restart(RestartProperties restart) {
		return new RestartPolicy(restart.getMaxRestarts(), restart.getDelay(), restart.getMaxDelay());
	}

	/**
	 * Say where streams begin, when they count as over, and how bad they may be.
	 */
	private void bounds(MillBuilder builder, MillProperties settings) {
		String start = settings.getStartFrom();
		if (start != null) {
			builder.startFrom(StartFrom.parse(start));
		}
		Duration timeout = settings.getDataTimeout();
		if (timeout != null) {
			builder.dataTimeout(timeout);
		}
		Double badRate = settings.getMaxBadRate();
		if (badRate != null) {
			builder.maxBadRate(badRate);
		}
		builder.waitForMore(!this.properties.isExitOnCompletion());
	}

	private static String action(String mill, StreamConflictException conflict) {
		return conflict.first().equals(conflict.second())
				? "Give its results a stream of their own: name it with @ToStream(\"...\") on the function."
				: "Bind one of them to another place, under " + MillDeadLetters.property(mill, conflict.first())
						+ " or " + MillDeadLetters.property(mill, conflict.second()) + ".";
	}

	private Mill build(MillBuilder builder) {
		try {
			this.customizers.forEach((customizer) -> customizer.customize(builder));
			return builder.build();
		}
		catch (StreamConflictException ex) {
			throw new MillConflictException(String.valueOf(ex.getMessage()), action(builder.name(), ex));
		}
		catch (MissingFactException ex) {
			throw new InvalidKeyExpressionException(ex.getMessage() + ".",
					"Compute the key of fields of the element, or let " + this.bindings.property(ex.stream())
							+ " lead to something else, such as a topic.",
					ex);
		}
		catch (IllegalArgumentException | IllegalStateException | BrokerException ex) {
			throw new InvalidMillException("The mill '" + builder.name() + "' can't be built: " + ex.getMessage(),
					"Correct its processor, its settings under watermill.mills." + builder.name()
							+ ", or the MillCustomizer that changes it.",
					ex);
		}
	}

}
