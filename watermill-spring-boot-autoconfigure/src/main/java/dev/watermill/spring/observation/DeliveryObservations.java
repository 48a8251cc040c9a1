package dev.watermill.spring.observation;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.watermill.delivery.MillContext;
import dev.watermill.engine.DeliveryObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * Observes the deliveries of a mill the way Spring for Apache Kafka observes listeners
 * and templates: a receiver of the master's record, whose headers continue its trace,
 * and, once there is a result, a sender, whose headers the results carry on.
 */
final class DeliveryObservations implements DeliveryObserver {

	static final String DELIVERY = "watermill.delivery";

	static final String SEND = "watermill.send";

	private static final String MILL = "mill";

	private final ObservationRegistry registry;

	DeliveryObservations(ObservationRegistry registry) {
		this.registry = registry;
	}

	@Override
	public ObservedDelivery begin(MillContext context) {
		ReceiverContext<MillContext> receiver = new ReceiverContext<>(DeliveryObservations::header, Kind.CONSUMER);
		receiver.setCarrier(context);
		Observation observation = Observation.createNotStarted(DELIVERY, () -> receiver, this.registry)
			.contextualName(context.mill() + " process")
			.lowCardinalityKeyValue(MILL, context.mill());
		if (!observation.isNoop()) {
			context.positions()
				.values()
				.stream()
				.findFirst()
				.ifPresent((origin) -> observation.highCardinalityKeyValue("watermill.origin", origin));
			Object key = context.key();
			if (key != null) {
				observation.highCardinalityKeyValue("watermill.key", key.toString());
			}
		}
		observation.start();
		return open(context.mill(), observation);
	}

	private Observed open(String mill, Observation observation) {
		Observation.Scope outer = this.registry.getCurrentObservationScope();
		try {
			return new Observed(mill, observation, outer);
		}
		catch (RuntimeException | Error ex) {
			this.registry.setCurrentObservationScope(outer);
			observation.error(ex);
			observation.stop();
			throw ex;
		}
	}

	private static @Nullable String header(MillContext context, String name) {
		byte[] value = context.headers().get(name);
		return (value != null) ? new String(value, StandardCharsets.UTF_8) : null;
	}

	private final class Observed implements ObservedDelivery {

		private final String mill;

		private final Observation delivery;

		private final Observation.@Nullable Scope outer;

		private final Observation.Scope scope;

		private @Nullable Observation send;

		private boolean left;

		private Observed(String mill, Observation delivery, Observation.@Nullable Scope outer) {
			this.mill = mill;
			this.outer = outer;
			this.delivery = delivery;
			this.scope = delivery.openScope();
		}

		@Override
		public void returned() {
			closeScope();
		}

		@Override
		public Map<String, byte[]> headers() {
			if (this.delivery.isNoop()) {
				// a trace that began here would stand in the place of the record's
				return Map.of();
			}
			Map<String, byte[]> headers = new LinkedHashMap<>();
			SenderContext<Map<String, byte[]>> sender = new SenderContext<>((carrier, name, value) -> {
				if (carrier != null) {
					carrier.put(name, value.getBytes(StandardCharsets.UTF_8));
				}
			}, Kind.PRODUCER);
			sender.setCarrier(headers);
			this.send = Observation.createNotStarted(SEND, () -> sender, DeliveryObservations.this.registry)
				.contextualName(this.mill + " send")
				.lowCardinalityKeyValue(MILL, this.mill)
				.parentObservation(this.delivery)
				.start();
			return headers;
		}

		@Override
		public void failed(Throwable failure) {
			this.delivery.error(failure);
			if (this.send != null) {
				this.send.error(failure);
			}
		}

		@Override
		public void end() {
			try {
				if (this.send != null) {
					this.send.stop();
				}
			}
			finally {
				try {
					closeScope();
				}
				finally {
					this.delivery.stop();
				}
			}
		}

		/**
		 * A handler that throws must not leave what follows on this thread in the scope
		 * of this delivery.
		 */
		private void closeScope() {
			if (this.left) {
				return;
			}
			this.left = true;
			try {
				this.scope.close();
			}
			catch (RuntimeException | Error ex) {
				DeliveryObservations.this.registry.setCurrentObservationScope(this.outer);
				throw ex;
			}
		}

	}

}
