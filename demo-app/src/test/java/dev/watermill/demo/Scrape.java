package dev.watermill.demo;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Prometheus finds of mills in an application at one moment.
 *
 * @param samples the values, by the series as it is written, {@code name{labels}}
 */
record Scrape(Map<String, Double> samples) {

	private static final Pattern SAMPLE = Pattern.compile("^(watermill_\\w+\\{.*}) (\\S+)$");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

	static Scrape parse(String text) {
		Map<String, Double> samples = new LinkedHashMap<>();
		text.lines().forEach((line) -> {
			Matcher sample = SAMPLE.matcher(line);
			if (sample.matches()) {
				samples.put(sample.group(1), Double.valueOf(sample.group(2).replace("Inf", "Infinity")));
			}
		});
		return new Scrape(samples);
	}

	/**
	 * The sum over those series of a metric that have all of these labels.
	 * @param labels as they are written, {@code name="value"}
	 */
	double value(String metric, String... labels) {
		return this.samples.entrySet()
			.stream()
			.filter((sample) -> sample.getKey().startsWith(metric + "{"))
			.filter((sample) -> Set.of(labels).stream().allMatch(sample.getKey()::contains))
			.mapToDouble(Map.Entry::getValue)
			.sum();
	}

	/**
	 * The names of the labels of each metric.
	 */
	Map<String, Set<String>> labels() {
		Map<String, Set<String>> labels = new TreeMap<>();
		for (String series : this.samples.keySet()) {
			int brace = series.indexOf('{');
			Matcher label = LABEL.matcher(series.substring(brace));
			Set<String> known = labels.computeIfAbsent(series.substring(0, brace), (name) -> new HashSet<>());
			while (label.find()) {
				known.add(label.group(1));
			}
		}
		return Collections.unmodifiableMap(labels);
	}

}
