package dev.watermill.spring.actuate.info;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.Mill;
import dev.watermill.spring.mill.Mills;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * Tells what does not change while an application runs: the version of WaterMill, and of
 * each mill what it reads and writes. How mills are is what their own endpoint is for.
 */
final class MillInfoContributor implements InfoContributor {

	private final Mills mills;

	MillInfoContributor(Mills mills) {
		this.mills = mills;
	}

	@Override
	public void contribute(Info.Builder builder) {
		Map<String, Object> details = new LinkedHashMap<>();
		String version = Mill.class.getPackage().getImplementationVersion();
		if (version != null) {
			details.put("version", version);
		}
		Map<String, Object> all = new LinkedHashMap<>();
		this.mills.all().forEach((mill) -> all.put(mill.name(), describe(mill)));
		details.put("mills", all);
		builder.withDetail("watermill", details);
	}

	private static Map<String, List<String>> describe(Mill mill) {
		Map<String, List<String>> description = new LinkedHashMap<>();
		description.put("reads",
				mill.tree().nodes().stream().map((node) -> node.source().location()).distinct().toList());
		description.put("writes",
				mill.outputs().stream().map((output) -> output.sink().location()).distinct().toList());
		return description;
	}

}
