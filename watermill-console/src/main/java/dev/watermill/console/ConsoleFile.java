package dev.watermill.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.DigestUtils;
import org.springframework.web.util.HtmlUtils;

/**
 * The page, or one of the files that it is made of.
 *
 * @param name the name of the file
 * @param type its media type
 * @param content its content
 * @param etag what changes with its content
 * @param policy its content security policy
 */
record ConsoleFile(String name, MediaType type, byte[] content, String etag, String policy) {

	private static final String PAGE = "console.html";

	private static final String ENDPOINT = "{{endpoint}}";

	private static final List<String> ASSETS = List.of("badge.js", "console.css", "console.js", "connection.js",
			"diagram.js", "dom.js", "explain.js", "format.js", "glance.js", "history.js", "lanes.js", "layout.js",
			"mill.js", "model.js", "timeline.js", "topology.js", "topology-layout.js", "icon.svg");

	/**
	 * Return the page.
	 * @param endpoint the endpoint's URL, as the page is to call it
	 * @return the page
	 */
	static ConsoleFile page(String endpoint) {
		String html = new String(read(PAGE), StandardCharsets.UTF_8);
		byte[] content = html.replace(ENDPOINT, HtmlUtils.htmlEscape(endpoint)).getBytes(StandardCharsets.UTF_8);
		return of(PAGE, content, ContentSecurityPolicy.allowing(endpoint));
	}

	/**
	 * Return the files that the page names.
	 * @return the files
	 */
	static List<ConsoleFile> assets() {
		return ASSETS.stream().map((name) -> of(name, read(name), ContentSecurityPolicy.DEFAULT)).toList();
	}

	/**
	 * Return the page with more in its head.
	 */
	byte[] withInHead(String html) {
		return new String(this.content, StandardCharsets.UTF_8).replace("</head>", html + "</head>")
			.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Set the headers that it is always sent with.
	 */
	void describe(HttpHeaders headers) {
		headers.setContentType(this.type);
		headers.set("Content-Security-Policy", this.policy);
		headers.set("Referrer-Policy", "same-origin");
		headers.set("X-Content-Type-Options", "nosniff");
	}

	private static ConsoleFile of(String name, byte[] content, String policy) {
		return new ConsoleFile(name, typeOf(name), content, '"' + DigestUtils.md5DigestAsHex(content) + '"', policy);
	}

	private static MediaType typeOf(String name) {
		String extension = name.substring(name.lastIndexOf('.') + 1);
		return switch (extension) {
			case "html" -> new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);
			case "css" -> new MediaType(new MediaType("text", "css"), StandardCharsets.UTF_8);
			case "js" -> new MediaType(new MediaType("text", "javascript"), StandardCharsets.UTF_8);
			case "svg" -> new MediaType("image", "svg+xml");
			default -> throw new IllegalArgumentException("No media type for " + name);
		};
	}

	private static byte[] read(String name) {
		try (InputStream stream = ConsoleFile.class.getResourceAsStream(name)) {
			if (stream == null) {
				throw new IllegalStateException("The console's file " + name + " is missing");
			}
			return stream.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The console's file " + name + " can't be read", ex);
		}
	}

}
