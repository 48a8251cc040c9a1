package dev.watermill.engine.internal;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The headers by which a request is traced through services, in the formats of
 * <a href="https://www.w3.org/TR/trace-context/">W3C</a> and
 * <a href="https://github.com/openzipkin/b3-propagation">B3</a>: results take them over
 * from the element they were made of.
 */
final class TraceHeaders {

	private static final Set<String> NAMES = Set.of("traceparent", "tracestate", "baggage", "b3", "x-b3-traceid",
			"x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags");

	private TraceHeaders() {
	}

	/**
	 * Return those among the headers of an element.
	 */
	static Map<String, byte[]> of(Map<String, byte[]> headers) {
		if (headers.isEmpty()) {
			return Map.of();
		}
		Map<String, byte[]> traced = new HashMap<>();
		headers.forEach((name, value) -> {
			if (NAMES.contains(name.toLowerCase(Locale.ROOT))) {
				traced.put(name, value);
			}
		});
		return traced;
	}

}
