package dev.watermill.spring.mill;

import java.util.Arrays;
import java.util.List;

/**
 * Who called {@code SpringApplication.run}, as the stack shows: a {@code main} method,
 * which ends its process, or a test, a servlet container or anything else, which does
 * not. Spring Boot's support of Docker Compose and its developer tools recognize tests in
 * the same way. Immutable.
 *
 * @param thread the thread that called
 * @param main whether a {@code main} method called
 * @param springTest whether Spring's test context framework called
 * @param batch whether the application has no web server, and nobody asked to keep it
 * alive
 */
record Launch(Thread thread, boolean main, boolean springTest, boolean batch) {

	private static final List<String> SPRING_TESTS = List.of("org.springframework.test.context.",
			"org.springframework.boot.test.context.");

	private static final List<String> TESTS = List.of("org.junit.", "org.testng.", "org.springframework.test.",
			"org.springframework.boot.test.", "io.cucumber.", "cucumber.runtime.", "io.kotest.");

	/**
	 * Return what the current thread's stack shows.
	 */
	static Launch current(boolean batch) {
		Thread thread = Thread.currentThread();
		List<StackTraceElement> stack = Arrays.asList(thread.getStackTrace());
		boolean main = stack.stream().anyMatch((frame) -> frame.getMethodName().equals("main"));
		return new Launch(thread, main && !contains(stack, TESTS), contains(stack, SPRING_TESTS), batch);
	}

	private static boolean contains(List<StackTraceElement> stack, List<String> packages) {
		return stack.stream().anyMatch((frame) -> packages.stream().anyMatch(frame.getClassName()::startsWith));
	}

}
