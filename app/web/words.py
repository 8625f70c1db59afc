"""A Chinese word for each verb and each noun of the audit chain; a test fails for one that has none."""

from __future__ import annotations

WORDS = {
    # 案件与文书
    "open_case": "建案卷", "close_case": "销号结案", "start_draft": "开始填写", "submit_paper": "送审签",
    "finish_record": "定稿待签名", "withdraw_paper": "撤回", "return_paper": "退回修改", "approve_paper": "签发",
    "void_paper": "作废", "produce_paper": "制成", "produce_again": "重新制作", "production_failed": "没有制成",
    "keep_scan": "上传扫描件", "record_service": "登记送达", "withdraw_service": "撤销送达登记",
    "compile_file": "立卷", "produce_file": "装订签名成卷", "binding_failed": "没有成卷",
    "use_keep": "选用另存的填写", "drop_keep": "舍弃另存的填写",
    # 学生
    "register_student": "登记学生", "correct_student": "更正学生信息", "reveal_identity": "查看完整证件号码",
    # 账号与登录
    "sign_in": "登录", "sign_in_failed": "登录失败", "sign_out": "退出", "add_account": "新增账号",
    "disable_account": "停用账号", "reset_password": "重置口令",
    # 单位、日历、系统
    "set_up": "建库", "add_school": "新增学校", "set_office": "修改单位信息", "start_series": "设定文号起始号",
    "lay_seal": "录入印章图样", "set_day": "修改工作日历", "publish_year": "录入全年放假安排",
    "set_vacation": "录入寒暑假", "back_up": "备份", "restore": "恢复备份",
    "retry_job": "重做失败任务", "drop_job": "放弃失败任务", "export_audit": "导出留痕",
}
"""What was done, in the words of the office."""

GROUPS = {"case": "案件", "paper": "文书", "packet": "卷宗", "student": "学生", "account": "账号", "office": "单位",
          "calendar": "工作日历", "job": "后台任务", "audit": "留痕", "register": "登记库", "seal": "印章",
          "seal_use": "用印", "batch": "批量办理"}
"""What it was done to."""
