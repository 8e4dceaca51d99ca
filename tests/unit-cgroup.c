/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which container the path of a cgroup belongs to. */

#include "namespace/container.h"

#include "tap.h"

#define ID "3f2a9c0b11de4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6"
#define ID2 "77a0e1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e"
#define UID_ "2f0a7c35-6d1e-4a6b-9d5f-0c1b2a3d4e5f"
#define UID_SLICE "2f0a7c35_6d1e_4a6b_9d5f_0c1b2a3d4e5f"
#define USER "/user.slice/user-1000.slice/user@1000.service"

/* Appends the container, or "none", and the pod. */
static const char *
put(const struct container *c, struct buf *b)
{
	b->len = 0;
	if (c->manager == MANAGER_NONE)
		buf_str(b, "none");
	else
		container_put(c, false, b);
	if (c->pod[0] != '\0')
		buf_printf(b, " pod:%s", c->pod);
	return buf_text(b);
}

static void
test_paths(void)
{
	static const struct {
		const char *path;
		const char *wanted;
	} cases[] = {
		{ "/docker/" ID, "docker:" ID },
		{ "/docker/" ID "/docker/" ID2, "docker:" ID },
		{ "/system.slice/docker-" ID ".scope", "docker:" ID },
		{ "/system.slice/docker-" ID ".scope/init.scope", "docker:" ID },
		{ "/machine.slice/libpod-" ID ".scope", "podman:" ID },
		{ "/machine.slice/libpod-" ID ".scope/container", "podman:" ID },
		{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" UID_SLICE
		  ".slice/cri-containerd-" ID ".scope",
			"containerd:" ID " pod:" UID_ },
		{ "/kubepods.slice/kubepods-pod" UID_SLICE ".slice/crio-" ID ".scope",
			"crio:" ID " pod:" UID_ },
		{ "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" UID_SLICE
		  ".slice/docker-" ID ".scope",
			"docker:" ID " pod:" UID_ },
		{ "/kubepods/burstable/pod" UID_ "/" ID, "containerd:" ID " pod:" UID_ },
		{ "/kubepods/pod" UID_ "/crio-" ID, "crio:" ID " pod:" UID_ },
		{ "/lxc.payload.web", "lxc:web" },
		{ "/lxc.payload.web-1/system.slice/ssh.service", "lxc:web-1" },
		{ "/machine.slice/machine-fedora\\x2d40.scope", "machine:fedora-40" },
		{ "/machine.slice/machine-a\\x2dabcdef0123.scope/x",
			"machine:a-abcdef0123" },
		{ "/machine.slice/machine-a\\x2.scope", "machine:a\\x2" },
		{ "/machine.slice/machine-a\\x00b.scope", "machine:a\\x00b" },
		{ USER "/user.slice/libpod-" ID ".scope/container",
			"podman:" ID ",user=1000" },
		/* These are no containers. */
		{ "/", "none" },
		{ "", "none" },
		{ "docker/" ID, "none" },
		{ "/docker", "none" },
		{ "/docker/" ID "0", "none" },
		{ "/docker/x" ID, "none" },
		{ "/docker/3F2A9C0B11DE4D5E6F708192A3B4C5D6E7F8091A2B3C4D5E6F708192A3B4"
		  "C5D6",
			"none" },
		{ "/kubepods/burstable/pod" UID_, "none" },
		{ "/kubepods/burstable/" ID, "none" },
		{ "/kubepods.slice/crio-" ID ".scope", "unit:crio-" ID ".scope" },
		{ "/lxc.payload.", "none" },
		{ "/lxc.monitor.web", "none" },
		/* A path that others can make does not match from its beginning. */
		{ "/x/docker/" ID, "none" },
		{ "/a.slice/system.slice/docker-" ID ".scope",
			"unit:docker-" ID ".scope" },
		{ USER "/docker/" ID, "unit:user@1000.service" },
		{ USER "/system.slice/docker-" ID ".scope", "unit:docker-" ID ".scope" },
		{ USER "/machine.slice/machine-a.scope", "unit:machine-a.scope" },
		{ "/user.slice/libpod-" ID ".scope", "unit:libpod-" ID ".scope" },
		{ "/user.slice/user-1000.slice/user@0.service/libpod-" ID ".scope",
			"unit:libpod-" ID ".scope" },
		{ "/user.slice/user-x.slice/user@x.service/libpod-" ID ".scope",
			"unit:libpod-" ID ".scope" },
		{ "/user.slice/user-4294967296.slice/user@4294967296.service/libpod-" ID
		  ".scope",
			"unit:libpod-" ID ".scope" },
		/* Units */
		{ "/system.slice/cron.service", "unit:cron.service" },
		{ "/system.slice/cron.service/a/b", "unit:cron.service" },
		{ "/user.slice/user-0.slice/session-1.scope", "unit:session-1.scope" },
		{ "/system.slice", "none" },
	};
	struct buf b = { 0 };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct container c;

		container_parse(cases[i].path, &c);
		is_str(put(&c, &b), cases[i].wanted, "%s", cases[i].path);
	}
	buf_free(&b);
}

static void
test_brief(void)
{
	struct container c;
	struct buf b = { 0 };

	container_parse("/docker/" ID, &c);
	container_put(&c, true, &b);
	is_str(buf_text(&b), "docker:3f2a9c0b11de", "people see 12 digits of an id");
	b.len = 0;
	container_parse("/lxc.payload.a-long-name-of-it", &c);
	container_put(&c, true, &b);
	is_str(buf_text(&b), "lxc:a-long-name-of-it", "a name is not cut");
	buf_free(&b);
}

static void
test_files(void)
{
	static const struct {
		const char *text;
		const char *wanted;
		const char *what;
	} cases[] = {
		{ "0::/docker/" ID "\n", "docker:" ID, "only cgroup2" },
		{ "0::/docker/" ID, "docker:" ID, "without a newline" },
		{ "1:name=systemd:/docker/" ID2 "\n0::/docker/" ID "\n", "docker:" ID,
			"cgroup2 goes first" },
		{ "2:cpu,cpuacct:/docker/" ID2 "/x\n1:name=systemd:/docker/" ID
		  "\n0::/\n",
			"docker:" ID, "then systemd" },
		{ "3:cpu:/a\n2:pids:/docker/" ID "\n1:name=systemd:/\n0::/\n",
			"docker:" ID, "then the longest" },
		{ "3:cpu:/docker/" ID "\n", "docker:" ID, "without either" },
		{ "1:name=systemd:/\n0::/\n", "none", "roots only" },
		{ "0::/a:b.service\n", "unit:a:b.service", "a path with a colon" },
		{ "x\n0::/docker/" ID "\n", "none", "a malformed line" },
		{ "", "none", "nothing" },
	};
	struct buf b = { 0 };

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct container c;

		container_parse_all(cases[i].text, &c);
		is_str(put(&c, &b), cases[i].wanted, "%s", cases[i].what);
	}
	buf_free(&b);
}

int
main(void)
{
	test_paths();
	test_brief();
	test_files();
	return done_testing();
}
