package dev.watermill.spring.properties;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.watermill.spring.naming.internal.RelaxedName;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * Settings of mills and their streams.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("watermill")
public class WaterMillProperties {

	/**
	 * Whether mills are run at all.
	 */
	private boolean enabled = true;

	/**
	 * Whether mills start with the application, those whose own setting does not forbid
	 * it.
	 */
	private boolean autoStartup = true;

	/**
	 * Whether to close the application once every mill is completed, failed or stopped,
	 * or waits for one that is. The exit code is 1 if one failed, else 2 if another
	 * instance holds the work of one, else 0.
	 */
	private boolean exitOnCompletion;

	/**
	 * Mills whose positions are forgotten before they start. For the command line: each
	 * start with it begins anew.
	 */
	private List<String> reset = new ArrayList<>();

	/**
	 * Directory for the positions of mills whose outputs have no place for them, and
	 * where is remembered beside which file the others keep theirs.
	 */
	private Path stateDir = Path.of(".watermill");

	/**
	 * Streams by their names, which match types and each other in relaxed form.
	 */
	private final Map<String, StreamProperties> streams = new LinkedHashMap<>();

	/**
	 * Mills by their names.
	 */
	private final Map<String, MillProperties> mills = new LinkedHashMap<>();

	/**
	 * Files of JSON.
	 */
	@NestedConfigurationProperty
	private final FilesProperties files = new FilesProperties();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public boolean isAutoStartup() {
		return this.autoStartup;
	}

	public void setAutoStartup(boolean autoStartup) {
		this.autoStartup = autoStartup;
	}

	public boolean isExitOnCompletion() {
		return this.exitOnCompletion;
	}

	public void setExitOnCompletion(boolean exitOnCompletion) {
		this.exitOnCompletion = exitOnCompletion;
	}

	public List<String> getReset() {
		return this.reset;
	}

	public void setReset(List<String> reset) {
		this.reset = reset;
	}

	public Path getStateDir() {
		return this.stateDir;
	}

	public void setStateDir(Path stateDir) {
		this.stateDir = stateDir;
	}

	public Map<String, StreamProperties> getStreams() {
		return this.streams;
	}

	public Map<String, MillProperties> getMills() {
		return this.mills;
	}

	public FilesProperties getFiles() {
		return this.files;
	}

	/**
	 * Find the settings of a stream.
	 * @param name the name of the stream, in any relaxed form
	 * @return the settings, {@code null} if there are none
	 */
	public @Nullable StreamProperties findStream(String name) {
		return find(this.streams, name);
	}

	/**
	 * Find the settings of a mill.
	 * @param name the name of the mill, in any relaxed form
	 * @return the settings, {@code null} if there are none
	 */
	public @Nullable MillProperties findMill(String name) {
		return find(this.mills, name);
	}

	private static <T> @Nullable T find(Map<String, T> settings, String name) {
		RelaxedName relaxed = RelaxedName.of(name);
		return settings.entrySet()
			.stream()
			.filter((entry) -> RelaxedName.of(entry.getKey()).equals(relaxed))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

}
