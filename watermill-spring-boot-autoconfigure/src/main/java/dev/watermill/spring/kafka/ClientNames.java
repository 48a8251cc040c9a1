package dev.watermill.spring.kafka;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.MetricName;

/**
 * What clients are called.
 */
final class ClientNames {

	private final AtomicInteger number = new AtomicInteger();

	/**
	 * Give each of several clients a name of its own, if their user has named them.
	 */
	void distinguish(Map<String, Object> settings) {
		settings.computeIfPresent(CommonClientConfigs.CLIENT_ID_CONFIG,
				(setting, name) -> name + "-watermill-" + this.number.incrementAndGet());
	}

	/**
	 * Return the name by which listeners know a client.
	 * @param metrics the names of its metrics, all of which have the client's name
	 */
	static String listened(Set<MetricName> metrics) {
		return "watermill." + metrics.stream()
			.map((metric) -> metric.tags().get("client-id"))
			.filter((name) -> name != null)
			.findFirst()
			.orElse("unknown");
	}

}
