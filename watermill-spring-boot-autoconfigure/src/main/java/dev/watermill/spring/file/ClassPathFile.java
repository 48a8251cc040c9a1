package dev.watermill.spring.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import dev.watermill.spring.diagnostics.MillConfigurationException.InvalidBindingException;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * Makes a file of what is on the class path: where that is a directory the file itself,
 * and out of an archive a copy, which goes when the application does.
 */
final class ClassPathFile {

	private ClassPathFile() {
	}

	static boolean is(String location) {
		return location.startsWith(ResourceLoader.CLASSPATH_URL_PREFIX);
	}

	static Path of(String stream, String location, ListableBeanFactory beanFactory) {
		String path = location.substring(ResourceLoader.CLASSPATH_URL_PREFIX.length()).trim();
		ClassLoader classLoader = (beanFactory instanceof ConfigurableBeanFactory factory)
				? factory.getBeanClassLoader() : null;
		Resource resource = new ClassPathResource(path, classLoader);
		if (!resource.exists()) {
			throw new InvalidBindingException(
					"The stream '" + stream + "' is bound to " + location + ", which does not exist.",
					"Put it on the class path, or correct watermill.streams." + stream + ".file.");
		}
		try {
			return resource.isFile() ? resource.getFile().toPath() : copy(resource);
		}
		catch (IOException ex) {
			throw new InvalidBindingException(
					"The stream '" + stream + "' is bound to " + location + ", which can't be read: " + ex.getMessage(),
					"Correct watermill.streams." + stream + ".file, or let java.io.tmpdir be written.", ex);
		}
	}

	private static Path copy(Resource resource) throws IOException {
		Path directory = Files.createTempDirectory("watermill-");
		Path file = directory.resolve(String.valueOf(resource.getFilename()));
		directory.toFile().deleteOnExit();
		file.toFile().deleteOnExit();
		try (InputStream in = resource.getInputStream()) {
			Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
		}
		return file;
	}

}
